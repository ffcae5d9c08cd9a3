import Contracts
import Foundation
import Testing

@testable import IngestService

/// What every `RequestStore` must do.
///
/// RequestStore conformance.
@Suite(.serialized)
struct RequestStoreConformanceTests {
    @Test(arguments: StoreDriver.allCases)
    func anAcceptedRequestIsFoundWithItsEvent(_ driver: StoreDriver) async throws {
        try await driver.withStore { store in
            let request = Fixture.newRequest()
            let event = try Fixture.event(request)
            let entry = try await store.accepted(request, event: event)
            #expect(entry.message == event)
            let stored = try #require(try await store.request(request.id))
            #expect(stored.submission == request.submission)
            #expect(stored.provider == request.provider)
            #expect(stored.acceptedAt == request.acceptedAt)
            #expect(stored.job == .inProgress(stage: .geocode, retry: nil))
            #expect(try await store.outbox(after: 0, limit: 10) == [entry])
        }
    }

    @Test(arguments: StoreDriver.allCases)
    func anUnknownRequestIsNil(_ driver: StoreDriver) async throws {
        try await driver.withStore { store async throws in
            #expect(try await store.request(Fixture.id()) == nil)
            #expect(try await store.apply(Fixture.geocoded(), to: Fixture.id()) == false)
            #expect(try await store.apply(Fixture.dead(.geocode, after: 1), to: Fixture.id()) == false)
            #expect(try await store.apply(Fixture.retrying(.geocode, after: 1), to: Fixture.id()) == false)
        }
    }

    @Test(arguments: StoreDriver.allCases)
    func aDuplicateGetsTheFirstId(_ driver: StoreDriver) async throws {
        try await driver.withStore { store in
            let first = Fixture.newRequest(submission: Fixture.submission(providerRequestID: "R-1"))
            let second = Fixture.newRequest(submission: Fixture.submission(providerRequestID: "R-1"))
            _ = try await store.accept(first, event: try Fixture.event(first))
            #expect(try await store.accept(second, event: try Fixture.event(second)).duplicateOf == first.id)
            #expect(try await store.request(second.id) == nil)
            #expect(try await store.outboxStatus().count == 1)
        }
    }

    @Test(arguments: StoreDriver.allCases)
    func twoProvidersMayUseTheSameId(_ driver: StoreDriver) async throws {
        try await driver.withStore { store async throws in
            for provider in [Fixture.provider, Fixture.otherProvider] {
                let request = Fixture.newRequest(
                    provider: provider, submission: Fixture.submission(providerRequestID: "R-1"))
                #expect(try await store.accept(request, event: try Fixture.event(request)) == .accepted)
            }
        }
    }

    @Test(arguments: StoreDriver.allCases)
    func ofFiftyRacingDuplicatesOneIsAccepted(_ driver: StoreDriver) async throws {
        try await driver.withStore { store in
            let submission = Fixture.submission(providerRequestID: "R-1")
            let outcomes = try await withThrowingTaskGroup(of: (RequestID, Acceptance).self) { group in
                for _ in 0..<50 {
                    group.addTask {
                        let request = Fixture.newRequest(submission: submission)
                        return (request.id, try await store.accept(request, event: try Fixture.event(request)))
                    }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            let accepted = outcomes.filter { $0.1 == .accepted }
            #expect(accepted.count == 1)
            #expect(outcomes.compactMap(\.1.duplicateOf) == Array(repeating: accepted.first?.0, count: 49))
            #expect(try await store.outboxStatus().count == 1)
            #expect(try await store.requests(of: Fixture.provider.id, before: nil, limit: 10).count == 1)
        }
    }

    @Test(arguments: StoreDriver.allCases)
    func everyConcurrentWriteGetsItsOwnResult(_ driver: StoreDriver) async throws {
        try await driver.withStore { store in
            let requests = (0..<300).map { _ in Fixture.newRequest() }
            try await withThrowingTaskGroup { group in
                for request in requests {
                    group.addTask {
                        let outcome = try await store.accept(request, event: try Fixture.event(request))
                        #expect(outcome == .accepted)
                        #expect(try await store.apply(Fixture.geocoded(), to: request.id))
                        #expect(try await store.apply(Fixture.geocoded(), to: Fixture.id()) == false)
                    }
                }
                try await group.waitForAll()
            }
            #expect(try await store.outboxStatus().count == 300)
            for request in requests {
                #expect(try await store.request(request.id)?.geocoding?.county == "Suffolk")
            }
        }
    }

    /// What is committed together goes to the database together, and each finds out about its own.
    @Test(arguments: StoreDriver.allCases)
    func manyAtOnceAreEachWrittenWhole(_ driver: StoreDriver) async throws {
        try await driver.withStore { store in
            let requests = (0..<300).map { number in
                Fixture.newRequest(
                    submission: Fixture.submission(providerRequestID: "R-\(number % 100)", name: "N\(number)"))
            }
            let outcomes = try await withThrowingTaskGroup(of: (RequestID, Acceptance).self) { group in
                for request in requests {
                    group.addTask {
                        (request.id, try await store.accept(request, event: try Fixture.event(request)))
                    }
                }
                return try await group.reduce(into: [RequestID: Acceptance]()) { $0[$1.0] = $1.1 }
            }
            var first: [String: RequestID] = [:]
            for request in requests where outcomes[request.id] == .accepted {
                #expect(first.updateValue(request.id, forKey: request.submission.providerRequestID) == nil)
                #expect(try await store.request(request.id)?.submission == request.submission)
            }
            #expect(first.count == 100)
            for request in requests {
                let earlier = try #require(first[request.submission.providerRequestID])
                #expect(outcomes[request.id] == (earlier == request.id ? .accepted : .duplicate(of: earlier)))
            }
            let entries = try await store.outboxEntries()
            #expect(Set(entries.compactMap(\.message.requestID)) == Set(first.values) && entries.count == 100)

            // Of a batch some are of requests that nobody knows, and some are older than what is there.
            let ids = first.values.sorted { $0.description < $1.description }
            _ = try await store.apply(Fixture.geocoded(after: 9, location: nil), to: ids[7])
            let unknown = Fixture.id()
            let records = (ids + [unknown]).flatMap { id in
                [Fixture.decided(), Fixture.geocoded(), Fixture.delivered()].map { ProgressRecord(update: $0, id: id) }
            }
            let effects = try await store.apply(records, isPatient: true)
            #expect(effects.map { $0 != .ofUnknown } == records.map { $0.id != unknown })
            for id in ids {
                let request = try #require(try await store.request(id))
                #expect(request.job == .completed && request.decision?.acceptance == true)
                #expect((request.geocoding?.location == nil) == (id == ids[7]))
            }
        }
    }

    @Test(arguments: StoreDriver.allCases)
    func theOutboxKeepsOrderAndForgetsWhatIsRemoved(_ driver: StoreDriver) async throws {
        try await driver.withStore { store in
            var entries: [OutboxEntry] = []
            for second in 0..<5 {
                let request = Fixture.newRequest(at: Fixture.now + Double(second))
                entries.append(try await store.accepted(request, event: try Fixture.event(request)))
            }
            #expect(try await store.outbox(after: 0, limit: 3) == Array(entries[0..<3]))
            #expect(try await store.outbox(after: entries[2].sequence, limit: 3) == Array(entries[3...]))
            try await store.removeFromOutbox(entries[0].sequence)
            try await store.removeFromOutbox(entries[0].sequence)
            #expect(
                try await store.outboxStatus()
                    == OutboxStatus(count: 4, oldest: Fixture.now + 1, last: entries[4].sequence))
            for entry in entries { try await store.removeFromOutbox(entry.sequence) }
            #expect(try await store.outboxStatus() == OutboxStatus(count: 0, oldest: nil, last: nil))
            let request = Fixture.newRequest()
            let next = try await store.accepted(request, event: try Fixture.event(request))
            #expect(next.sequence > entries[4].sequence, "a number is never used again")
        }
    }

    @Test(arguments: StoreDriver.allCases)
    func pagesAreNewestFirstAndOneProvidersOwn(_ driver: StoreDriver) async throws {
        try await driver.withStore { store in
            var ids: [RequestID] = []
            for second in 0..<5 {
                for provider in [Fixture.provider, Fixture.otherProvider] {
                    let request = Fixture.newRequest(at: Fixture.now + Double(second), provider: provider)
                    _ = try await store.accept(request, event: try Fixture.event(request))
                    if provider == Fixture.provider { ids.insert(request.id, at: 0) }
                }
            }
            let first = try await store.requests(of: Fixture.provider.id, before: nil, limit: 3)
            #expect(first.map(\.id) == Array(ids[0..<3]))
            let rest = try await store.requests(of: Fixture.provider.id, before: ids[2], limit: 3)
            #expect(rest.map(\.id) == Array(ids[3...]))
            #expect(try await store.requests(of: "nobody", before: nil, limit: 3).isEmpty)
        }
    }

    @Test(arguments: StoreDriver.allCases)
    func anyTextComesBackUnchanged(_ driver: StoreDriver) async throws {
        try await driver.withStore { store in
            for text in ["O'Brien; DROP TABLE request;--", "Zoë 😀 e\u{301}", "?1 %s \\", "\u{202E}right to left"] {
                let request = Fixture.newRequest(submission: Fixture.submission(name: text, street: text))
                _ = try await store.accept(request, event: try Fixture.event(request))
                let stored = try await store.request(request.id)
                #expect(stored?.submission.name.unicodeScalars.elementsEqual(text.unicodeScalars) == true)
                #expect(stored?.submission.address.street == text)
            }
        }
    }

    @Test(arguments: StoreDriver.allCases)
    func aHealthyStoreIsWritable(_ driver: StoreDriver) async throws {
        try await driver.withStore { store in try await store.checkWritable() }
    }
}
