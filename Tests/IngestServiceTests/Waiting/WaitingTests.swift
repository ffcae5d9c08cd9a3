import AdminAPI
import Contracts
import Foundation
import Hummingbird
import HummingbirdTesting
import Testing

@testable import IngestService

/// Which callbacks wait, and why: the store's SQL against what the job says, and the endpoint.
@Suite(.serialized)
struct WaitingTests {
    private static let decided = [Fixture.geocoded(), Fixture.decided()]

    /// Facts, perhaps a step of the organisation after them, facts after that; and what it comes to: whether it waits,
    /// and the error of its last attempt.
    static let lives: [(before: [ProgressUpdate], step: Bool, after: [ProgressUpdate], waits: Bool, code: String?)] = [
        ([], false, [], false, nil),
        ([Fixture.geocoded()], false, [], false, nil),
        ([Fixture.reviewRequested()], false, [], false, nil),
        (decided, false, [], true, nil),
        (decided + [Fixture.retrying(.callback, after: 3)], false, [], true, "connection-refused"),
        // Given back untried, when its endpoint was found to fail.
        (decided + [Fixture.retrying(.callback, after: 3, attempt: 0)], false, [], true, nil),
        (
            decided + [Fixture.attempted(1, after: 3), Fixture.retrying(.callback, after: 4)], false, [], true,
            "http-503"
        ),
        (decided + [Fixture.attempted(1, after: 3), Fixture.delivered(after: 5)], false, [], false, nil),
        (decided + [Fixture.dead(.callback, after: 9)], false, [], false, nil),
        (
            decided + [
                Fixture.dead(.callback, after: 9), Fixture.replayed(.callback, deadLettering: 9, after: 11, replays: 0),
            ], false, [], true, nil
        ),
        (
            decided + [
                Fixture.dead(.callback, after: 9), Fixture.replayed(.callback, deadLettering: 9, after: 11, replays: 0),
                Fixture.retrying(.callback, after: 13, replays: 1),
            ], false, [], true, "connection-refused"
        ),
        (
            decided + [
                Fixture.dead(.callback, after: 9),
                Fixture.discarded(.callback, deadLettering: 9, after: 11, replays: 0),
            ], false, [], false, nil
        ),
        // A step after the answer was told: what was tried then is no reason of it.
        (
            decided + [
                Fixture.attempted(1, after: 3), Fixture.retrying(.callback, after: 3), Fixture.delivered(after: 5),
            ], true, [], true, nil
        ),
        (decided + [Fixture.delivered(after: 5)], true, [Fixture.attempted(1, of: 2, after: 12)], true, "http-503"),
        (decided + [Fixture.delivered(after: 5)], true, [Fixture.delivered(sequence: 2, after: 12)], false, nil),
        // A step while the answer waits, and while it is dead.
        (decided + [Fixture.retrying(.callback, after: 3)], true, [], true, nil),
        (decided + [Fixture.dead(.callback, after: 9)], true, [], true, nil),
        (decided, true, [Fixture.delivered(sequence: 2, after: 12)], false, nil),
    ]

    @Test(arguments: StoreDriver.allCases)
    func whatWaitsIsWhatTheJobSays(_ driver: StoreDriver) async throws {
        try await driver.withStore { store in
            var (expected, codes): ([Contracts.RequestID], [String: Int]) = ([], [:])
            for (index, life) in Self.lives.enumerated() {
                let id = try await accept(store, at: Fixture.now - 100 + Double(index))
                for fact in life.before { _ = try await store.apply(fact, to: id) }
                if life.step { try await step(store, id) }
                for fact in life.after { _ = try await store.apply(fact, to: id) }
                let notification = try #require(try await store.job(id)).notification
                let waits = [.pending, .retrying].contains(notification?.state)
                #expect(waits == life.waits, "\(index)")
                let hasFailed = (notification?.attempt ?? 0) > 0
                #expect(!waits || (hasFailed ? notification?.error?.code : nil) == life.code, "\(index)")
                guard life.waits else { continue }
                expected.append(id)
                codes[life.code ?? "", default: 0] += 1
            }
            let other = try await accept(store, Fixture.otherProvider, at: Fixture.now)
            for fact in Self.decided { _ = try await store.apply(fact, to: other) }

            let all = try await store.waiting(of: nil, after: nil, limit: 100, counts: true)
            #expect(all.jobs.map(\.request.id) == expected + [other] && all.next == nil && !all.isCut)
            for job in all.jobs {
                let whole = try #require(try await store.job(job.request.id))
                #expect(job.notification == whole.notification && job.request == whole.request)
            }
            var counted: [String: Int] = [:]
            for count in all.counts ?? [] where count.provider == "portal" {
                counted[count.code ?? "", default: 0] += count.count
            }
            #expect(counted == codes)
            let mine = try await store.waiting(of: "portal", after: nil, limit: 100, counts: true)
            #expect(mine.jobs.map(\.request.id) == expected && mine.isKnown)
            #expect(mine.counts?.allSatisfy { $0.provider == "portal" } == true)
            #expect(mine.counts?.map(\.oldest).min() == Fixture.now + 2)
            #expect(try await store.waiting(of: "nobody", after: nil, limit: 9, counts: true).isKnown == false)
        }
    }

    @Test(arguments: StoreDriver.allCases)
    func pagesCoverEachOnce(_ driver: StoreDriver) async throws {
        try await driver.withStore { store in
            var ids: [Contracts.RequestID] = []
            for second in 0..<7 {
                let id = try await accept(
                    store, second % 3 == 0 ? Fixture.otherProvider : Fixture.provider, at: Fixture.now + Double(second))
                for fact in Self.decided { _ = try await store.apply(fact, to: id) }
                // Some are found by a later step.
                if second % 2 == 0, second % 3 != 0 {
                    _ = try await store.apply(Fixture.delivered(after: 5), to: id)
                    try await step(store, id)
                }
                ids.append(id)
            }
            var (seen, after): ([Contracts.RequestID], Contracts.RequestID?) = ([], nil)
            repeat {
                let page = try await store.waiting(of: nil, after: after, limit: 2, counts: false)
                #expect(page.jobs.count <= 2 && page.counts == nil)
                seen += page.jobs.map(\.request.id)
                after = page.next
            } while after != nil
            #expect(seen == ids)
            #expect(try await store.waiting(of: nil, after: nil, limit: 0, counts: true).jobs.isEmpty)
        }
    }

    @Test func theListSaysWhyAndWhatHoldsAPartnerBack() async throws {
        try await withSQLiteStore { store, _ in
            let tried = try await accept(store, at: Fixture.now)
            let first = try await accept(store, at: Fixture.now + 1)
            for id in [tried, first] { for fact in Self.decided { _ = try await store.apply(fact, to: id) } }
            _ = try await store.apply(Fixture.attempted(1, after: 3), to: tried)
            // Its next attempt is due five seconds later.
            _ = try await store.apply(Fixture.retrying(.callback, after: 58), to: tried)
            let service = FakeCallbackService()
            let answer = try await list(store, service)
            #expect(
                answer.providers == [
                    WaitingPartner(
                        provider: "portal", count: 2, oldest: Fixture.now + 2,
                        reasons: [.init(code: nil, count: 1), .init(code: "http-503", count: 1)])
                ])
            #expect(answer.providers?[0].reasons[1].httpStatus == 503 && answer.unknown == nil && answer.isCut == nil)
            #expect(answer.waiting.map(\.request) == [tried, first] && answer.next == nil)
            let one = answer.waiting[0]
            #expect(one.what == "answer" && one.sequence == 1 && one.since == Fixture.now + 2)
            #expect(one.attempt == 1 && one.of == 6 && one.error?.code == "http-503" && one.httpStatus == 503)
            #expect(one.waitsFor == .nextAttempt && one.nextAttemptAt == Fixture.now + 63)
            #expect(answer.waiting[1].waitsFor == .firstAttempt && answer.waiting[1].attempt == nil)
            // A time that has passed is no time.
            let later = try await list(store, service, now: Fixture.now + 64)
            #expect(later.waiting[0].waitsFor == .nextAttempt && later.waiting[0].nextAttemptAt == nil)
        }
    }

    @Test func aPauseAndAnEndpointThatIsLeftAloneAreSaid() async throws {
        try await withSQLiteStore { store, _ in
            let id = try await accept(store, at: Fixture.now)
            for fact in Self.decided + [Fixture.retrying(.callback, after: 58)] {
                _ = try await store.apply(fact, to: id)
            }
            let service = FakeCallbackService()
            service.change { $0.degraded = ["other"] }
            _ = try await store.apply(Fixture.degraded(after: 40), to: nil)
            let held = try await list(store, service)
            #expect(held.waiting.map(\.waitsFor) == [.endpoint] && held.waiting[0].nextAttemptAt == nil)
            #expect(held.providers?.map(\.provider) == ["other", "portal"])
            #expect(held.providers?[0].endpoint == .init(degradedSince: nil, error: nil))
            #expect(held.providers?[1].endpoint?.degradedSince == Fixture.now + 40)
            #expect(held.providers?[1].endpoint?.error?.code == "timeout" && held.providers?[1].count == 1)
            service.change { $0.paused["portal"] = (by: "olu", why: "they move") }
            let paused = try await list(store, service, "provider=portal")
            #expect(paused.waiting.map(\.waitsFor) == [.resume] && paused.providers?.count == 1)
            #expect(paused.providers?[0].paused?.by == "olu" && paused.providers?[0].paused?.why == "they move")
            // Of a partner that is known and waits for nothing there is a line; of one that is not there is none.
            #expect(try await list(store, service, "provider=other&limit=0").providers?.map(\.count) == [0])
            #expect(try await list(store, service, "provider=nobody").providers?.isEmpty == true)
            // The rest is told when CallbackService is away.
            service.change { $0.isAway = true }
            let away = try await list(store, service)
            #expect(away.unknown?.contains("does not answer") == true && away.waiting.map(\.waitsFor) == [.endpoint])
        }
    }

    @Test func theNextPageHasNoSummary() async throws {
        try await withSQLiteStore { store, _ in
            for second in 0..<3 {
                let id = try await accept(store, at: Fixture.now + Double(second))
                for fact in Self.decided { _ = try await store.apply(fact, to: id) }
            }
            let first = try await list(store, FakeCallbackService(), "limit=2")
            let next = try #require(first.next)
            let second = try await list(store, FakeCallbackService(), "limit=2&after=\(next)")
            #expect(first.providers != nil && second.providers == nil && second.waiting.count == 1)
            #expect(second.next == nil)
        }
    }

    /// However many wait, no more are counted than the bound.
    @Test(arguments: StoreDriver.allCases)
    func whatIsCountedIsBounded(_ driver: StoreDriver) async throws {
        let count = RequestStore.mostWaitingCounted + 100
        try await driver.withStore { store in
            try await store.write { transaction in
                let numbers = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < \(count))"
                try transaction.execute(
                    """
                    INSERT INTO request (number, id, provider, provider_request_id, organization, accepted_at, city,
                        state, zip, decided_at, acceptance, decision_reason, coverage_version, moved_at)
                    \(numbers) SELECT i, '01a1ff81-1877-7000-8000-' || substr(CAST(1000000000000 + i AS TEXT), 2),
                        'portal', 'R-' || i, 'relief-org', ?, 'Boston', 'MA', '02108', ?, 1, 'state_covered', 'v1', ?
                    FROM n
                    """, [Fixture.now, Fixture.now, Fixture.now])
                try transaction.execute(
                    """
                    INSERT INTO person (number, name, street, phone, email)
                    SELECT number, 'Resident', '1 Main St', '', '' FROM request
                    """, [])
            }
            if case .postgres = store.database.dialect {
                try await store.write { try $0.execute("ANALYZE") }
            }
            let found = try await store.waiting(of: nil, after: nil, limit: 5, counts: true)
            #expect(found.isCut && found.counts?.map(\.count) == [RequestStore.mostWaitingCounted])
            #expect(found.jobs.count == 5 && found.next != nil)
            let mine = try await store.waiting(of: "portal", after: found.next, limit: 5, counts: false)
            #expect(mine.jobs.first?.request.submission.providerRequestID == "R-6" && !mine.isCut)
        }
    }

    private func accept(
        _ store: RequestStore, _ provider: Provider = Fixture.provider, at date: Date
    ) async throws -> Contracts.RequestID {
        let request = Fixture.newRequest(at: date, provider: provider)
        _ = try await store.accept(request, event: try Fixture.event(request))
        return request.id
    }

    private func step(_ store: RequestStore, _ id: Contracts.RequestID) async throws {
        let change = StatusChange(step: .assigned, at: Fixture.now + 10, traceParent: Fixture.traceParent)
        guard
            case .changed = try await store.changeStatus(of: id, within: Fixture.provider.organization, change)
        else { throw StoreError(code: .unreadable, detail: "not changed") }
    }

    private func list(
        _ store: RequestStore, _ service: FakeCallbackService, _ query: String = "", now: Date = Fixture.now + 60
    ) async throws -> ListWaiting.Answer {
        let router = Router()
        // What it knew a moment ago is another's.
        WaitingController(access: StoreAccess(store: store), peers: service.peers, now: { now })
            .register(on: router.group("/admin"))
        return try await Application(router: router).test(.router) { client in
            let api = APIHarness(client: client, handedOver: APIHarness.HandedOver())
            let answer = try await api.get("/admin/callbacks/waiting?\(query)")
            #expect(answer.status == 200)
            return try WireJSON.value(ListWaiting.Answer.self, from: answer.bytes)
        }
    }
}
