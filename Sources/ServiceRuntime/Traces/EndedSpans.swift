import CoreMetrics
import Metrics
import Synchronization

/// Spans that have ended and wait for the export. Bounded: what does not fit is dropped and counted, and nobody waits.
final class EndedSpans: Sendable {
    /// What becomes of spans.
    enum Outcome: String, CaseIterable, Sendable {
        /// The collector has taken it.
        case exported
        /// More came than could be sent.
        case dropped
        /// The collector did not take it.
        case refused
    }

    private let limit: Int
    private let waiting = Mutex<[EndedSpan]>([])
    private let counters: [Outcome: Counter]

    init(limit: Int, metrics: any MetricsFactory = MetricsSystem.factory) {
        self.limit = limit
        counters = Dictionary(
            uniqueKeysWithValues: Outcome.allCases.map { outcome in
                (
                    outcome,
                    Counter(
                        label: "intake_trace_spans_total", dimensions: [("outcome", outcome.rawValue)],
                        factory: metrics)
                )
            })
    }

    func add(_ span: EndedSpan) {
        let fits = waiting.withLock { waiting in
            guard waiting.count < limit else { return false }
            waiting.append(span)
            return true
        }
        if !fits { count(1, .dropped) }
    }

    /// The oldest, at most so many.
    func take(_ most: Int) -> [EndedSpan] {
        waiting.withLock { waiting in
            let taken = Array(waiting.prefix(most))
            waiting.removeFirst(taken.count)
            return taken
        }
    }

    var isEmpty: Bool { waiting.withLock { $0.isEmpty } }

    func count(_ spans: Int, _ outcome: Outcome) { counters[outcome]?.increment(by: spans) }
}
