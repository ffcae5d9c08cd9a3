import Broker
import Contracts
import Foundation
import Logging
import ServiceLifecycle
import Synchronization
import TestSupport
import Testing

@testable import CallbackService
@testable import ServiceRuntime

/// The stage's loop in front of one endpoint.
@Suite(.timeLimit(.minutes(3))) struct StageLoopEndpointTests {
    /// An endpoint that can be away, and counts who asks.
    private final class Endpoint: Sendable {
        struct State {
            var isAway = true
            var asked = 0
            var now = 0
            var mostAtOnce = 0
        }

        let state = Mutex(State())

        func ask() async throws(StageFailure) {
            state.withLock { state in
                state.asked += 1
                state.now += 1
                state.mostAtOnce = max(state.mostAtOnce, state.now)
            }
            defer { state.withLock { $0.now -= 1 } }
            await Task.yield()
            if state.withLock({ $0.isAway }) { throw .transient("away", "It is away.", endpoint: .failed) }
        }
    }

    @Test func whileItsEndpointIsAwayTheQueueIsLeftAloneButForProbes() async throws {
        let endpoint = Endpoint()
        // None is to die of its attempts, however slowly the first ten come.
        try await withStage(concurrency: 4, retries: 50) { received throws(StageFailure) in
            try await endpoint.ask()
            return delivered(received)
        } body: { stage in
            for _ in 0..<60 { try await stage.publishInput() }
            let degraded = try await stage.nextNews(EndpointDegraded.self)
            #expect(degraded.data.provider == "portal" && degraded.data.attempts == degraded.data.failures)
            #expect(degraded.data.failures == 10 && degraded.data.error.code == "away")
            try await eventually("the queue has no consumer and its messages wait") {
                let figures = try await stage.node.management.queue(stage.topology.queue(.geocode))
                return figures?.unacknowledged == 0 && (figures?.ready ?? 0) >= 40
            }
            endpoint.state.withLock { $0.mostAtOnce = 0 }
            let before = endpoint.state.withLock { $0.asked }
            try await eventually("it is probed") { endpoint.state.withLock { $0.asked } >= before + 3 }
            #expect(endpoint.state.withLock { $0.mostAtOnce } == 1, "one probe at a time")
            endpoint.state.withLock { $0.isAway = false }
            let recovered = try await stage.nextNews(EndpointRecovered.self)
            #expect(recovered.data.provider == "portal")
            #expect(recovered.data.degradedSince == degraded.data.since)
            try await stage.awaitEmpty(.geocode)
            try await eventually("all 60 get through") {
                let figures = try await stage.node.management.queues().filter {
                    $0.name.hasPrefix("\(stage.topology.queue(.geocode)).")
                }
                return endpoint.state.withLock { $0.asked - before } >= 60 && figures.allSatisfy(\.isEmpty)
            }
        }
    }

    /// While nothing is answered, few are in hand, though many may be; with answers the queue is consumed anew with
    /// more.
    @Test func anEndpointThatIsNotHeardOfYetHasFewInHand() async throws {
        let gate = Gate()
        try await withStage(concurrency: 64) { received in
            await gate.wait()
            return delivered(received)
        } body: { stage in
            defer { gate.open() }
            for _ in 0..<200 { try await stage.publishInput() }
            // The one that was found not to have come back before is in hand beside those of the prefetch.
            try await eventually("few are in hand, the others wait") {
                let figures = try await stage.node.management.queue(stage.topology.queue(.geocode))
                return figures?.unacknowledged == ConcurrencyRamp.least + 1 && (figures?.ready ?? 0) > 100
            }
            gate.open()
            try await stage.awaitEmpty(.geocode)
            #expect(stage.gates.last?.limit == 64)
        }
    }

    @Test func whatThereIsToTellOfAnAttemptComesBeforeItsRetry() async throws {
        try await withStage { received throws(StageFailure) in
            throw .transient("away", "It is away.", facts: [attempted(received.attempt)])
        } body: { stage in
            try await stage.publishInput()
            var ids: Set<UUID> = []
            for attempt in 1...2 {
                let fact = try Event<CallbackAttempted>(EventMessage(try await stage.next(.progress).message))
                #expect(fact.data == attempted(attempt))
                ids.insert(fact.id)
                let retrying = try Event<StageRetrying>(EventMessage(try await stage.next(.progress).message))
                #expect(retrying.data.attempt == attempt)
            }
            let last = try Event<CallbackAttempted>(EventMessage(try await stage.next(.progress).message))
            ids.insert(last.id)
            #expect(last.data.attempt == 3 && ids.count == 3)
            _ = try await stage.nextDead(.geocode)
        }
    }

    @Test func aProcessThatStopsWaitsForNoTurnAndNoProbe() async throws {
        try await withStage(rate: 0.05) { received in
            delivered(received)
        } body: { stage in
            for _ in 0..<5 { try await stage.publishInput() }
            _ = await stage.handled.first { _ in true }
            try await eventually("the others wait for their turns") {
                try await stage.node.management.queue(stage.topology.queue(.geocode))?.unacknowledged == 4
            }
            await stage.shutDown()
            try await stage.awaitStopped()
            for _ in 0..<4 {
                let retrying = try await stage.nextNews(StageRetrying.self)
                #expect(retrying.data.attempt == 0 && retrying.data.error.code == "stopping")
            }
        }
        let endpoint = Endpoint()
        try await withStage(firstWait: .seconds(600)) { received throws(StageFailure) in
            try await endpoint.ask()
            return delivered(received)
        } body: { stage in
            for _ in 0..<20 { try await stage.publishInput() }
            _ = try await stage.nextNews(EndpointDegraded.self)
            await stage.shutDown()
            try await stage.awaitStopped()
        }
    }

    private func attempted(_ attempt: Int) -> CallbackAttempted {
        CallbackAttempted(
            provider: "portal", sequence: 1, attempt: attempt, startedAt: Date(timeIntervalSince1970: 1_800_000_000),
            durationMilliseconds: 5, addressFamily: nil, httpStatus: nil,
            error: StageError(code: "away", message: "It is away."), excerpt: nil)
    }

    private func delivered(_ received: StageUnderTest.Received) -> [any EventData] {
        [
            CallbackDelivered(
                provider: "portal", providerRequestID: received.event.data.request.providerRequestID,
                Receipt(
                    acceptance: true, httpStatus: 200, attempt: received.attempt,
                    deliveredAt: Date(timeIntervalSince1970: 1_800_000_000)))
        ]
    }

    private func withStage(
        concurrency: Int = 16, rate: Double? = nil, firstWait: Duration = .milliseconds(100), retries: Int = 2,
        handle: @escaping StageUnderTest.Handle, body: (StageUnderTest) async throws -> Void
    ) async throws {
        var rule = CircuitBreaker.Rule()
        rule.firstWait = firstWait
        rule.longestWait = max(firstWait, .milliseconds(200))
        let stage = try await StageUnderTest(
            node: .shared(), concurrency: concurrency,
            policy: RetryPolicy(schedule: Array(repeating: .seconds(1), count: retries)),
            gates: [
                EndpointGuard(
                    provider: "portal", concurrency: concurrency, rate: rate, rule: rule,
                    logger: Logger.silent)
            ], handle: handle)
        try await stage.run(body)
    }
}

extension StageUnderTest {
    /// The next event of a type that the projection gets; others are passed over.
    fileprivate func nextNews<Data: EventData>(_ type: Data.Type) async throws -> Event<Data> {
        while true {
            let message = EventMessage(try await next(.progress).message)
            if message.type == Data.type { return try Event<Data>(message) }
        }
    }
}
