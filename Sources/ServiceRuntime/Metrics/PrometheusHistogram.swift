import CoreMetrics
import Synchronization

/// Counts values by upper bounds.
final class PrometheusHistogram: RecorderHandler, TimerHandler {
    /// 0.1 ms … 60 s.
    static let seconds = [
        0.000_1, 0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60,
    ]
    /// 1 … 10,000.
    static let sizes: [Double] = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 10_000]

    struct Snapshot: Equatable {
        /// Cumulative, as Prometheus wants them.
        var buckets: [(bound: Double, count: Int)]
        var sum: Double
        var count: Int

        static func == (left: Snapshot, right: Snapshot) -> Bool {
            left.sum == right.sum && left.count == right.count && left.buckets.elementsEqual(right.buckets, by: ==)
        }
    }

    private struct State {
        var counts: [Int]
        var sum = 0.0
    }

    private let bounds: [Double]
    private let state: Mutex<State>

    /// - Parameter bounds: upper bounds, ascending.
    init(bounds: [Double]) {
        self.bounds = bounds
        state = Mutex(State(counts: Array(repeating: 0, count: bounds.count + 1)))
    }

    func record(_ value: Int64) { record(Double(value)) }

    func record(_ value: Double) {
        let index = bounds.firstIndex { value <= $0 } ?? bounds.count
        state.withLock { state in
            state.counts[index] += 1
            state.sum += value
        }
    }

    func recordNanoseconds(_ duration: Int64) { record(Double(duration) / 1e9) }

    func snapshot() -> Snapshot {
        let (counts, sum) = state.withLock { ($0.counts, $0.sum) }
        var total = 0
        let buckets = zip(bounds, counts).map { bound, count in
            total += count
            return (bound: bound, count: total)
        }
        return Snapshot(buckets: buckets, sum: sum, count: total + counts[bounds.count])
    }
}
