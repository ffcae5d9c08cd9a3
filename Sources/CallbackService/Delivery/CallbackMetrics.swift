import Metrics
import Synchronization

/// What the callback service counts beside its stage. A provider's label is bounded by the callbacks file.
final class CallbackMetrics: Sendable {
    private let calls = Mutex<[String: Counter]>([:])

    /// A partner can be told only when somebody has mended something.
    func needsOperator(provider: String, code: String) {
        let counter = calls.withLock { counters in
            let key = "\(provider) \(code)"
            if let counter = counters[key] { return counter }
            let counter = Counter(
                label: "intake_callback_needs_operator_total", dimensions: [("provider", provider), ("code", code)])
            counters[key] = counter
            return counter
        }
        counter.increment()
    }
}
