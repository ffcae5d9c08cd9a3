import Contracts
import ServiceLifecycle
import Synchronization

/// Keeps a stage's messages from a dependency that is away: one at a time tries whether it is back, the others wait in
/// hand. Who has waited too long goes to a retry queue, where waiting costs the broker nothing.
final class OutageGate: StageGate {
    private struct Outage {
        var failure: StageFailure
        var probeAt: ContinuousClock.Instant
        var isProbed = false
        var failedProbes = 0
    }

    /// How long a message waits in hand: well under the half hour after which RabbitMQ takes an unsettled one away.
    private let patience: Duration
    private let firstProbe: Duration
    private let outage = Mutex<Outage?>(nil)

    /// - Parameter firstProbe: how soon after a failure the first one tries again.
    init(patience: Duration = .seconds(60), firstProbe: Duration = .milliseconds(250)) {
        self.patience = patience
        self.firstProbe = firstProbe
    }

    var takesBatches: Bool { true }

    func enter() async throws -> GateAdmission {
        let deadline = ContinuousClock.now.advanced(by: patience)
        while true {
            let (admission, next) = look(until: deadline)
            if let admission { return admission }
            try await Task.sleep(until: next, clock: .continuous)
        }
    }

    /// - Returns: the admission, or when to look again.
    private func look(until deadline: ContinuousClock.Instant) -> (GateAdmission?, ContinuousClock.Instant) {
        let now = ContinuousClock.now
        return outage.withLock { outage in
            guard let current = outage else { return (.work(()), now) }
            if !current.isProbed, current.probeAt <= now {
                outage?.isProbed = true
                return (.work(()), now)
            }
            if deadline <= now || Task.isShuttingDownGracefully { return (.postpone(current.failure), now) }
            return (nil, min(deadline, max(current.probeAt, now.advanced(by: .milliseconds(50)))))
        }
    }

    func left(_ pass: any Sendable, _ results: [StageResult]) -> [(any EventData)?] {
        let outage = results.lazy.compactMap { result -> StageFailure? in
            guard case .failure(let failure) = result, case .outage = failure.kind else { return nil }
            return failure
        }.first
        if let outage { failed(outage) } else { answered() }
        return results.map { _ in nil }
    }

    /// The dependency has answered, well or not.
    func answered() { outage.withLock { $0 = nil } }

    /// Who was let in to try has not tried.
    func withdrew(_ pass: any Sendable) { outage.withLock { $0?.isProbed = false } }

    /// The dependency is away. Each try that fails doubles the time to the next, up to ten seconds.
    func failed(_ failure: StageFailure) {
        outage.withLock { outage in
            let failedProbes = outage.map { $0.isProbed ? $0.failedProbes + 1 : $0.failedProbes } ?? 0
            let wait = min(firstProbe * (1 << min(failedProbes, 10)), .seconds(10))
            outage = Outage(
                failure: failure, probeAt: ContinuousClock.now.advanced(by: wait), failedProbes: failedProbes)
        }
    }
}
