import Broker
import Contracts
import Synchronization
import TestSupport
import Testing

@testable import ServiceRuntime

/// A gate that lets through now more and now fewer.
@Suite(.timeLimit(.minutes(3))) struct StageLoopLimitTests {
    /// Says another limit the second time that it is asked, and the first one from then on: as when an endpoint
    /// answers, and fails, while the loop looks.
    private final class SwayingGate: StageGate {
        private let asked = Atomic(0)
        let takesBatches = false

        var limit: Int { asked.add(1, ordering: .relaxed).newValue == 2 ? 5 : 4 }

        func enter() async throws -> GateAdmission { .work(0) }
        func withdrew(_ pass: any Sendable) {}
        func left(_ pass: any Sendable, _ results: [StageResult]) -> [(any EventData)?] { results.map { _ in nil } }
    }

    @Test func aLimitThatIsBackWhenTheConsumptionHasEndedEndsNoStage() async throws {
        let stage = try await StageUnderTest(
            node: .shared(), concurrency: 16, policy: RetryPolicy(schedule: [.seconds(1)]), gates: [SwayingGate()]
        ) { decided($0) }
        try await stage.run { stage in
            for _ in 1...3 {
                try await stage.publishInput()
                _ = try await stage.next(.decision)
            }
            try await stage.awaitEmpty(.geocode)
        }
    }

    /// Half of what may be in hand is company enough, long before anybody's patience ends.
    @Test func whatComesWithinAMomentIsHandledTogether() async throws {
        let batches = Recorder<Int>()
        let stage = try await StageUnderTest(
            node: .shared(), concurrency: 6, policy: RetryPolicy(schedule: [.seconds(1)]), patience: .seconds(600),
            batches: batches
        ) { decided($0) }
        try await stage.run { stage in
            // The first is never kept waiting: it may be one that has come back.
            try await stage.publishInput()
            _ = try await stage.next(.decision)
            for _ in 1...3 { try await stage.publishInput() }
            for _ in 1...3 { _ = try await stage.next(.decision) }
            try await stage.awaitEmpty(.geocode)
        }
        #expect(batches.all == [1, 3])
    }

    private func decided(_ received: StageUnderTest.Received) -> [any EventData] {
        let data = received.event.data
        return [
            RequestGeocoded(
                data.request, Geocoding(state: data.address.state, zip: data.address.zip, reason: .noMatch))
        ]
    }
}
