import AdminAPI
import Contracts
import Foundation
import Synchronization
import Testing

@testable import IngestService

/// How every `RequestStore` must count where requests are, and bring back one that is nowhere.
///
/// RequestStore conservation.
@Suite(.serialized)
struct ReconciliationConformanceTests {
    enum Place: Sendable { case told, pending, review, dead }

    /// Facts, and in which of the four places a request then is.
    static let lives: [(facts: [ProgressUpdate], place: Place)] = [
        ([], .pending),
        ([Fixture.geocoded(), Fixture.decided()], .pending),
        ([Fixture.geocoded(), Fixture.decided(), Fixture.delivered()], .told),
        ([Fixture.delivered(), Fixture.dead(.callback, after: 9)], .told),
        ([Fixture.dead(.geocode, after: 1)], .dead),
        ([Fixture.dead(.geocode, after: 1), Fixture.geocoded(after: 2)], .pending),
        ([Fixture.dead(.decision, after: 1), Fixture.decided(after: 2)], .pending),
        ([Fixture.dead(.callback, after: 9), Fixture.retrying(.callback, after: 3)], .dead),
        // By a clock that is ahead: nobody has given the message back.
        ([Fixture.dead(.callback, after: 9), Fixture.retrying(.callback, after: 10)], .dead),
        (
            [
                Fixture.dead(.callback, after: 9), Fixture.replayed(.callback, deadLettering: 9, after: 11, replays: 0),
                Fixture.retrying(.callback, after: 3, replays: 1),
            ], .pending
        ),
        ([Fixture.dead(.callback, after: 9), Fixture.replayed(.callback, deadLettering: 9, after: 11)], .pending),
        ([Fixture.dead(.callback, after: 12), Fixture.replayed(.callback, deadLettering: 9, after: 11)], .dead),
        ([Fixture.dead(.callback, after: 9), Fixture.discarded(.callback, deadLettering: 9, after: 11)], .dead),
        ([Fixture.replayed(.callback, deadLettering: 9, after: 11)], .pending),
        ([Fixture.geocoded(), Fixture.reviewRequested()], .review),
        ([Fixture.reviewRequested()], .review),
        ([Fixture.dead(.decision, after: 1), Fixture.reviewRequested()], .review),
        ([Fixture.dead(.geocode, after: 1), Fixture.reviewRequested()], .review),
        ([Fixture.reviewRequested(), Fixture.dead(.callback, after: 9)], .dead),
        ([Fixture.reviewRequested(), Fixture.reviewed(.accept, after: 9)], .pending),
        ([Fixture.reviewRequested(), Fixture.decided()], .pending),
        ([Fixture.reviewRequested(), Fixture.delivered()], .told),
    ]

    @Test(arguments: StoreDriver.allCases)
    func everyRequestIsInOnePlaceAndTheJobAgrees(_ driver: StoreDriver) async throws {
        try await driver.withStore { store in
            var expected = RequestCounts(provider: "portal", accepted: 0, told: 0, pending: 0, review: 0, dead: 0)
            for life in Self.lives {
                let request = try await accept(store)
                for fact in life.facts { _ = try await store.apply(fact, to: request.id) }
                expected.accepted += 1
                switch life.place {
                case .told: expected.told += 1
                case .pending: expected.pending += 1
                case .review: expected.review += 1
                case .dead: expected.dead += 1
                }
                let place: Place =
                    switch try #require(try await store.request(request.id)).job {
                    case .completed: .told
                    case .failed: .dead
                    case .inReview: .review
                    case .inProgress: .pending
                    }
                #expect(place == life.place, "\(life.facts)")
            }
            let other = Fixture.newRequest(provider: Fixture.otherProvider)
            _ = try await store.accept(other, event: try Fixture.event(other))
            let counts = try await store.requestCounts()
            #expect(
                counts == [
                    RequestCounts(provider: "other", accepted: 1, told: 0, pending: 1, review: 0, dead: 0), expected,
                ])
            #expect(counts.allSatisfy { $0.accepted == $0.told + $0.pending + $0.review + $0.dead })
            let pending = try await store.pending(notMovedSince: .distantFuture, after: nil, limit: 100)
            #expect(pending.count == expected.pending + 1)
            #expect(try await store.pendingCount(notMovedSince: .distantFuture) == pending.count)
        }
    }

    /// By this host's clock alone, whatever those say who tell of it.
    @Test(arguments: [-315_360_000.0, -3600, 0, 3600, 315_360_000])
    func whatHasMovedIsNotStuck(_ skew: Double) async throws {
        let clock = Mutex(Fixture.now)
        try await StoreDriver.sqlite.withStore(now: { clock.withLock { $0 } }) { store in
            let request = try await accept(store)
            func pending(_ seconds: Double) async throws -> [PendingRequest] {
                try await store.pending(notMovedSince: Fixture.now + seconds, after: nil, limit: 10)
            }
            #expect(try await pending(0).isEmpty)
            let first = try #require(try await pending(1).first)
            #expect(first.id == request.id && first.stage == .geocode && first.movedAt == Fixture.now)
            #expect(first.isInOutbox)
            clock.withLock { $0 = Fixture.now + 10 }
            _ = try await store.apply(Fixture.geocoded(after: 10 + skew), to: request.id)
            #expect(try await pending(10).isEmpty)
            #expect(try await pending(11).map(\.stage) == [.decision])
            // It moves when its next attempt is due.
            clock.withLock { $0 = Fixture.now + 20 }
            _ = try await store.apply(Fixture.retrying(.decision, after: 20 + skew), to: request.id)
            #expect(try await pending(25).isEmpty)
            #expect(try await pending(26).map(\.movedAt) == [Fixture.now + 25])
            #expect(try await store.pendingCount(notMovedSince: Fixture.now + 26) == 1)
            let entry = try #require(try await store.outbox(after: 0, limit: 1).first)
            try await store.removeFromOutbox(entry.sequence)
            #expect(try await pending(26).map(\.isInOutbox) == [false])
        }
    }

    @Test(arguments: StoreDriver.allCases)
    func pagesOfPendingRequestsCoverEachOnce(_ driver: StoreDriver) async throws {
        try await driver.withStore { store in
            var ids: [RequestID] = []
            for second in 0..<5 { ids.append(try await accept(store, at: Fixture.now + Double(second)).id) }
            var seen: [RequestID] = []
            var after: RequestID?
            repeat {
                let page = try await store.pending(notMovedSince: .distantFuture, after: after, limit: 2)
                seen += page.map(\.id)
                after = page.last?.id
            } while after != nil
            #expect(seen == ids)
        }
    }

    @Test(arguments: StoreDriver.allCases)
    func theEventOfTheStageIsPublishedAgainUnderItsOwnId(_ driver: StoreDriver) async throws {
        try await driver.withStore { store in
            let request = try await accept(store)
            let accepted = try #require(try await store.outbox(after: 0, limit: 1).first)
            let acceptedID = try #require(accepted.message.id)
            #expect(
                try await store.publishAgain(request.id, at: Fixture.now)
                    == .waiting(eventID: acceptedID, .requestAccepted))
            try await store.removeFromOutbox(accepted.sequence)

            let again = try await republished(store, request.id)
            #expect(again.id == acceptedID && again.body == accepted.message.body)
            #expect(try Event<RequestAccepted>(again).data.address == request.submission.address)

            _ = try await store.apply(Fixture.geocoded(), to: request.id)
            let geocoded = try await republished(store, request.id)
            let geocodedID = EventID.derive(from: acceptedID, stage: "geocode", type: .requestGeocoded)
            #expect(geocoded.id == geocodedID)
            let data = try Event<RequestGeocoded>(geocoded)
            #expect(data.time == Fixture.now + 1 && data.data.geocoding.location == Fixture.boston)
            #expect(data.data.geocoding.zip == "02108" && data.data.geocoding.regionCode == "NE-7")

            _ = try await store.apply(Fixture.decided(), to: request.id)
            let decided = try await republished(store, request.id)
            #expect(decided.id == EventID.derive(from: geocodedID, stage: "decision", type: .requestDecided))
            #expect(try Event<RequestDecided>(decided).data.decision.rule == "zip3:021")

            let step = StatusChange(step: .assigned, at: Fixture.now + 9, traceParent: TraceParent.from(nil))
            guard
                case .changed = try await store.changeStatus(
                    of: request.id, within: Fixture.provider.organization, step)
            else { throw StoreError(code: .unreadable, detail: "not changed") }
            let entry = try await store.lastEntry()
            try await store.removeFromOutbox(entry.sequence)
            let changed = try await republished(store, request.id)
            #expect(changed.id == entry.message.id && changed.body == entry.message.body, "the answer would come late")
        }
    }

    @Test(arguments: StoreDriver.allCases)
    func whatIsNotUnderWayIsNotPublishedAgain(_ driver: StoreDriver) async throws {
        try await driver.withStore { store in
            #expect(try await store.publishAgain(Fixture.id(), at: Fixture.now) == .unknown)
            let told = try await accept(store)
            _ = try await store.apply(Fixture.delivered(), to: told.id)
            #expect(try await store.publishAgain(told.id, at: Fixture.now) == .settled(.completed))
            let dead = try await accept(store)
            let letter = Fixture.letter(.geocode)
            _ = try await store.apply(.dead(letter), to: dead.id)
            #expect(
                try await store.publishAgain(dead.id, at: Fixture.now)
                    == .settled(.failed(stage: .geocode, letter.deadLettering)))
            #expect(try await store.outboxStatus().count == 2)
        }
    }

    private func republished(_ store: RequestStore, _ id: RequestID) async throws -> EventMessage {
        guard case .enqueued(let eventID, _) = try await store.publishAgain(id, at: Fixture.now + 60) else {
            throw StoreError(code: .unreadable, detail: "not enqueued")
        }
        let entry = try await store.lastEntry()
        #expect(entry.message.id == eventID)
        try await store.removeFromOutbox(entry.sequence)
        return entry.message
    }

    private func accept(_ store: RequestStore, at date: Date = Fixture.now) async throws -> NewRequest {
        let request = Fixture.newRequest(at: date)
        _ = try await store.accept(request, event: try Fixture.event(request))
        return request
    }
}
