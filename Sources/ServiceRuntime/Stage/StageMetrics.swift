import Contracts
import Metrics

/// What a stage counts.
struct StageMetrics: Sendable {
    /// How the handling of one delivery ended.
    enum Outcome: String, CaseIterable, Sendable {
        /// Its outputs are confirmed.
        case done
        /// It waits in a retry queue.
        case retried
        /// It is among the dead letters.
        case dead
        /// It is of a newer version than this process knows, published beside the one that it does.
        case ignored
        /// It was left unsettled and comes again.
        case abandoned
    }

    private let counters: [Outcome: Counter]
    private let duration: Timer

    init(stage: Stage) {
        counters = Dictionary(
            uniqueKeysWithValues: Outcome.allCases.map { outcome in
                let dimensions = [("stage", stage.rawValue), ("outcome", outcome.rawValue)]
                return (outcome, Counter(label: "intake_stage_messages_total", dimensions: dimensions))
            })
        duration = Timer(label: "intake_stage_duration_seconds", dimensions: [("stage", stage.rawValue)])
    }

    func record(_ outcome: Outcome, duration elapsed: Duration) {
        counters[outcome]?.increment()
        let (seconds, attoseconds) = elapsed.components
        duration.recordNanoseconds(seconds * 1_000_000_000 + attoseconds / 1_000_000_000)
    }
}
