import Contracts
import Foundation
import HTTPTypes
import HummingbirdTesting
import Logging
import ServiceRuntime
import Testing

@testable import IngestService

/// Prefer: wait.
@Suite(.serialized, .timeLimit(.minutes(5)))
struct JobWaitingTests {
    private static let waits: HTTPFields = [.prefer: "respond-async, wait=60"]

    @Test func aFactAnswersAtOnce() async throws {
        let patience = Patience()
        try await withJob(patience) { api, store, waiters, id in
            let handler = ProgressHandler(store: store, metrics: IngestMetrics(), waiters: waiters)
            let context = StageContext(attempt: 1, maxAttempts: 6, now: Fixture.now, logger: Logger(label: "test"))
            async let answer = api.get("/api/jobs/\(id)", headers: Self.waits)
            await patience.begins()
            let data = RequestDecided(
                Fixture.reference,
                Decision(acceptance: true, reason: .stateCovered, rule: nil, coverageVersion: "v1"))
            _ = try await handler.handle(
                .decided(Event(id: UUID(), source: "/x", time: Fixture.now + 2, requestID: id, data: data)),
                context: context)
            let told = try await answer
            #expect(told.status == 200 && told.headers[.preferenceApplied] == "wait=30")
            #expect(told.json["stage"] as? String == "callback")
            #expect(waiters.count == 0)
        }
    }

    @Test func theEndOfPatienceAnswersWithWhatIs() async throws {
        try await withJob(sleep: { _ in }) { api, _, waiters, id in
            let answer = try await api.get("/api/jobs/\(id)", headers: [.prefer: "wait=1"])
            #expect(answer.status == 200 && answer.headers[.preferenceApplied] == "wait=1")
            let tag = try #require(answer.headers[.eTag])
            let same = try await api.get("/api/jobs/\(id)", headers: [.prefer: "wait=1", .ifNoneMatch: tag])
            #expect(same.status == 304 && waiters.count == 0)
        }
    }

    @Test func whoeverKnowsLessDoesNotWait() async throws {
        try await withJob { api, store, _, id in
            let answer = try await api.get(
                "/api/jobs/\(id)", headers: [.prefer: "wait=30", .ifNoneMatch: "\"old\""])
            #expect(answer.status == 200 && answer.headers[.preferenceApplied] == nil)
            for preference in ["wait=soon", "return=minimal", "wait"] {
                #expect(try await api.get("/api/jobs/\(id)", headers: [.prefer: preference]).status == 200)
            }
            _ = try await store.apply(Fixture.delivered(), to: id)
            #expect(try await api.get("/api/jobs/\(id)", headers: Self.waits).status == 303)
        }
    }

    @Test func aFullHouseAnswersAtOnce() async throws {
        try await withJob(limit: 1) { api, _, waiters, id in
            let place = try #require(waiters.enter(id))
            let answer = try await api.get("/api/jobs/\(id)", headers: Self.waits)
            #expect(answer.status == 200 && answer.headers[.preferenceApplied] == nil)
            waiters.leave(place)
            waiters.leave(place)
            #expect(waiters.count == 0)
        }
    }

    @Test func theServicesStopLetsAllGo() async throws {
        let patience = Patience()
        try await withJob(patience) { api, _, waiters, id in
            async let answer = api.get("/api/jobs/\(id)", headers: Self.waits)
            await patience.begins()
            waiters.close()
            let released = try await answer
            #expect(released.status == 200)
            #expect(waiters.enter(id) == nil && waiters.count == 0)
        }
    }

    @Test(arguments: StoreDriver.allCases) func aClientThatGoesAwayLeavesItsPlace(_ driver: StoreDriver) async throws {
        let waiters = JobWaiters(limit: 10)
        let patience = Patience()
        try await driver.withStore { store in
            let waiting = JobWaiting(waiters: waiters, noticesClosedClients: true, sleep: patience.sleep)
            try await APIHarness.with(store, over: .live, waiting: waiting) { api in
                let id = try #require(try await api.post(try Fixture.json()).id)
                let client = try RawClient(port: try #require(api.client.port))
                client.send(
                    "GET /api/jobs/\(id) HTTP/1.1\r\nHost: x\r\nAuthorization: \(Fixture.token)\r\n"
                        + "Prefer: wait=30\r\n\r\n")
                await patience.begins()
                client.close()
                await patience.ends()
                #expect(try await api.get("/api/jobs/\(id)").headers[.connection] == nil)
                // Somebody who stays is answered.
                async let answer = api.get("/api/jobs/\(id)", headers: Self.waits)
                await patience.begins()
                _ = try await store.apply(Fixture.delivered(), to: id)
                waiters.wake(id)
                let told = try await answer
                #expect(told.status == 303)
                // The connection ends with what was waited for, and with that alone.
                #expect(told.headers[.connection] == "close")
            }
        }
        #expect(waiters.count == 0)
    }

    private func withJob(
        limit: Int = 10, _ patience: Patience = Patience(),
        _ body: @escaping @Sendable (APIHarness, RequestStore, JobWaiters, RequestID) async throws -> Void
    ) async throws {
        try await withJob(limit: limit, sleep: patience.sleep, body)
    }

    private func withJob(
        limit: Int = 10, sleep: @escaping @Sendable (Duration) async throws -> Void,
        _ body: @escaping @Sendable (APIHarness, RequestStore, JobWaiters, RequestID) async throws -> Void
    ) async throws {
        try await withSQLiteStore { store, _ in
            let waiters = JobWaiters(limit: limit)
            try await APIHarness.with(store, waiting: JobWaiting(waiters: waiters, sleep: sleep)) { api in
                let id = try #require(try await api.post(try Fixture.json()).id)
                try await body(api, store, waiters, id)
            }
        }
    }
}
