import Synchronization

/// The ledger while posts and callbacks come in from everywhere.
final class LiveLedger: Sendable {
    private let ledger: Mutex<Ledger>
    private let settling = AsyncStream<Never>.makeStream()

    init(count: Int, misbehaviour: MisbehaviourPlan? = nil) {
        ledger = Mutex(Ledger(count: count, misbehaviour: misbehaviour, at: .now))
    }

    /// Writes something down.
    /// - Parameter body: a transition and nothing else; it runs under the lock.
    @discardableResult
    func record<Result: Sendable>(_ body: (inout Ledger, Ledger.Instant) -> Result) -> Result {
        let now = ContinuousClock.now
        let (result, isSettled) = ledger.withLock { ledger in (body(&ledger, now), ledger.isSettled) }
        if isSettled { settling.continuation.finish() }
        return result
    }

    /// The books as they are.
    var current: Ledger { ledger.withLock { $0 } }
    var progress: SimulationProgress { ledger.withLock { $0.progress } }
    var lastProgressAt: Ledger.Instant { ledger.withLock { $0.lastProgressAt } }

    /// Returns when the ledger is settled, or at cancellation. One task may wait.
    func settled() async {
        for await _ in settling.stream {}
    }
}
