import AdminAPI
import Contracts
import Foundation
import Testing

@testable import IngestService

/// What every `RequestStore` must keep of dead letters, whatever the order of the facts.
///
/// RequestStore dead letters.
@Suite(.serialized)
struct DeadLetterConformanceTests {
    @Test(arguments: StoreDriver.allCases)
    func aLetterIsKeptWhole(_ driver: StoreDriver) async throws {
        try await driver.withStore { store in
            let request = try await accept(store)
            let letter = Fixture.letter(.callback, of: request.id, body: [0x7B, 0xFF, 0x00])
            #expect(try await store.apply(.dead(letter), to: request.id))
            let stored = try await store.deadLetters(letter.messageID)
            #expect(stored == [StoredDeadLetter(message: letter, resolution: nil, isTold: false)])
            #expect(try await store.deadLetters(request.id.uuid) == stored)
            #expect(try await store.deadLetters(UUID()).isEmpty)
            _ = try await store.apply(Fixture.delivered(), to: request.id)
            #expect(try await store.deadLetters(letter.messageID).map(\.isTold) == [true])
        }
    }

    @Test(arguments: StoreDriver.allCases)
    func aLetterOfNobodyIsKeptToo(_ driver: StoreDriver) async throws {
        try await driver.withStore { store in
            let stray = Fixture.letter(.geocode)
            #expect(try await store.apply(.dead(stray), to: nil) == false)
            let ofUnknown = Fixture.letter(.geocode, after: 2, of: Fixture.id())
            #expect(try await store.apply(.dead(ofUnknown), to: ofUnknown.requestID) == false)
            #expect(try await all(store).map(\.message.messageID) == [stray.messageID, ofUnknown.messageID])
            // And resolved like any other.
            _ = try await store.apply(
                Fixture.replayed(.geocode, deadLettering: 1, after: 9, id: stray.messageID), to: nil)
            #expect(try await all(store).map(\.message.messageID) == [ofUnknown.messageID])
        }
    }

    @Test(arguments: StoreDriver.allCases)
    func everyOrderAndRepetitionEndsTheSame(_ driver: StoreDriver) async throws {
        let id = UUID()
        let facts: [ProgressUpdate] = [
            .dead(Fixture.letter(.callback, after: 1, id: id)),
            Fixture.replayed(.callback, deadLettering: 1, after: 5, id: id),
            .dead(Fixture.letter(.callback, after: 7, id: id, reason: .permanent)),
            Fixture.discarded(.callback, deadLettering: 7, after: 3, id: id),
        ]
        for order in permutations(facts) {
            try await driver.withStore { store in
                for fact in order + order.prefix(2) { _ = try await store.apply(fact, to: nil) }
                let letter = try #require(try await store.deadLetters(id).first)
                #expect(letter.message.deadLettering.reason == .permanent)
                #expect(letter.resolution?.kind == .discarded)
                #expect(letter.resolution?.why == "asked twice")
                #expect(try await all(store).isEmpty)
            }
        }
    }

    @Test(arguments: StoreDriver.allCases)
    func aDeathAfterAReplayWaitsForAnOperatorAgain(_ driver: StoreDriver) async throws {
        try await driver.withStore { store in
            let id = UUID()
            for fact in [
                Fixture.replayed(.callback, deadLettering: 1, after: 600, id: id),
                .dead(Fixture.letter(.callback, after: 1, id: id)), .dead(Fixture.letter(.callback, after: 7, id: id)),
            ] { _ = try await store.apply(fact, to: nil) }
            #expect(try await all(store).map(\.message.deadLettering.at) == [Fixture.now + 7])
        }
    }

    @Test(arguments: StoreDriver.allCases)
    func lettersAreFilteredGroupedAndPaged(_ driver: StoreDriver) async throws {
        try await driver.withStore { store in
            for second in 0..<5 {
                _ = try await store.apply(.dead(Fixture.letter(.callback, after: Double(second))), to: nil)
            }
            _ = try await store.apply(.dead(Fixture.letter(.geocode, after: 2, reason: .permanent)), to: nil)
            let groups = try await store.deadLetterGroups(DeadLetterFilter())
            #expect(
                groups == [
                    DeadLetterGroup(stage: .callback, reason: "out-of-attempts", count: 5, oldest: Fixture.now),
                    DeadLetterGroup(stage: .geocode, reason: "permanent", count: 1, oldest: Fixture.now + 2),
                ])
            #expect(try await all(store, DeadLetterFilter(stage: .geocode)).count == 1)
            #expect(try await all(store, DeadLetterFilter(reason: "permanent")).count == 1)
            #expect(try await all(store, DeadLetterFilter(diedBefore: Fixture.now + 2)).count == 2)
            var seen: [UUID] = []
            var after: DeadLetterCursor?
            repeat {
                let page = try await store.deadLetters(DeadLetterFilter(), after: after, limit: 2)
                seen += page.map(\.message.messageID)
                after = page.last.map { DeadLetterCursor($0.message) }
            } while after != nil
            #expect(seen.count == 6 && Set(seen).count == 6)
        }
    }

    private func accept(_ store: RequestStore) async throws -> NewRequest {
        let request = Fixture.newRequest()
        _ = try await store.accept(request, event: try Fixture.event(request))
        return request
    }

    private func all(
        _ store: RequestStore, _ filter: DeadLetterFilter = DeadLetterFilter()
    ) async throws -> [StoredDeadLetter] {
        try await store.deadLetters(filter, after: nil, limit: 100)
    }
}
