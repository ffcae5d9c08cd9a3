import Metrics
import Synchronization

/// Counts what a process's stages have in hand and cannot let go of, since the broker does not take what follows from
/// it: a queue is missing, or full. While that lasts, the process is not ready.
package final class UntakenMessages: Sendable {
    private struct State {
        var count = 0
        var since: ContinuousClock.Instant?
        var last = ""
    }

    /// A moment of it is nothing to tell anybody.
    private static let patience = Duration.seconds(5)

    private let state = Mutex(State())
    private let gauge = Gauge(label: "intake_stage_untaken_messages")

    package init() { gauge.record(0) }

    /// Messages cannot be let go of for now.
    func began(_ count: Int, because failure: PublishFailure) {
        change { state in
            if state.count == 0 { state.since = .now }
            state.count += count
            state.last = "\(failure)"
        }
    }

    /// They are taken, or left to be delivered again.
    func ended(_ count: Int) {
        change { state in
            state.count -= count
            if state.count == 0 { state.since = nil }
        }
    }

    /// For a readiness check: what is wrong, in one line.
    package var problem: String? {
        state.withLock { state in
            guard let since = state.since, since.duration(to: .now) >= Self.patience else { return nil }
            return "the broker does not take what follows from \(state.count) messages: \(state.last)"
        }
    }

    private func change(_ change: (inout State) -> Void) {
        let count = state.withLock { state in
            change(&state)
            return state.count
        }
        gauge.record(count)
    }
}
