/// What became of the requests that were misbehaved at in one way.
struct BehaviourSummary: Sendable, Equatable, Codable {
    /// A `Misbehaviour`, or `none` for those that were taken well.
    var behaviour: String
    var requests = 0
    /// Callbacks that came for them.
    var attempts = 0
    var told = 0
    /// Callbacks that came under an `Idempotency-Key` that had come before.
    var repeated = 0
    /// From sending to the receipt.
    var toldAfter: LatencySummary?
    var violations = MisbehaviourBooks.Violations()
}

extension BehaviourSummary {
    /// Adds up the books, a line for each behaviour of the plan and one for the rest; `nil` when nothing was planned.
    static func all(_ ledger: Ledger) -> [BehaviourSummary]? {
        guard let books = ledger.misbehaviours else { return nil }
        let kinds: [Misbehaviour?] = books.plan.shares.behaviours + [nil]
        var summaries = kinds.map { BehaviourSummary(behaviour: $0?.rawValue ?? "none") }
        var latencies = kinds.map { _ in Latencies() }
        for (index, entry) in ledger.entries.enumerated() {
            let record = books[index]
            guard let kind = kinds.firstIndex(of: record.behaviour) else { continue }
            summaries[kind].requests += 1
            summaries[kind].attempts += record.attempts
            summaries[kind].repeated += record.repeated
            summaries[kind].violations += record.violations
            if let sent = entry.firstSentAt, let told = entry.toldAt {
                summaries[kind].told += 1
                latencies[kind].record(told - sent)
            }
        }
        for kind in kinds.indices { summaries[kind].toldAfter = latencies[kind].summary }
        return summaries
    }
}
