/// What callers did when the partner misbehaved, request by request. Pure.
struct MisbehaviourBooks: Sendable {
    let plan: MisbehaviourPlan
    private var records: [Int: Record] = [:]
    /// When the first callback came.
    private var begunAt: ContinuousClock.Instant?

    init(_ plan: MisbehaviourPlan) { self.plan = plan }

    /// A callback's head came.
    /// - Parameters:
    ///   - index: the request's.
    ///   - key: its `Idempotency-Key`.
    /// - Returns: how to take it; `nil` for well.
    mutating func arrived(_ index: Int, key: String?, at now: ContinuousClock.Instant) -> Misbehaviour? {
        var record = self[index]
        defer { records[index] = record }
        record.attempts += 1
        if let key {
            if record.keys.contains(key) { record.repeated += 1 } else { record.keys.append(key) }
            if key == record.receiptKey { record.violations.afterReceipt += 1 }
        }
        let begunAt = begunAt ?? now
        self.begunAt = begunAt
        if plan.isDown(after: now - begunAt) {
            record.behaviour = record.behaviour ?? .flap
            return .flap
        }
        guard let behaviour = record.behaviour, behaviour != .flap, record.misbehaved < plan.times else { return nil }
        record.misbehaved += 1
        return behaviour
    }

    /// The partner has taken an answer to heart, whether or not it said so.
    mutating func acted(_ index: Int, on acceptance: Bool) {
        var record = self[index]
        if let earlier = record.answer, earlier != acceptance { record.violations.otherAnswers += 1 }
        record.answer = record.answer ?? acceptance
        records[index] = record
    }

    /// A receipt goes out that nobody can misread: the same callback must not come again.
    mutating func receipted(_ index: Int, key: String?) { records[index]?.receiptKey = key }

    /// Somebody went where the redirect pointed.
    mutating func redirectFollowed(_ index: Int) {
        var record = self[index]
        record.violations.redirectsFollowed += 1
        records[index] = record
    }

    /// What is known of a request; of one that nobody called about, how it would be taken.
    subscript(index: Int) -> Record { records[index] ?? Record(behaviour: plan.behaviour(ofRequest: index)) }

    struct Record: Sendable {
        /// `nil` for well. One that would be taken well and met the endpoint down counts as `flap`.
        var behaviour: Misbehaviour?
        /// Callbacks that came, repeated ones included.
        var attempts = 0
        /// Callbacks that came under a key that had come before.
        var repeated = 0
        var violations = Violations()
        fileprivate var misbehaved = 0
        fileprivate var keys: [String] = []
        fileprivate var receiptKey: String?
        /// What it was told first.
        fileprivate var answer: Bool?
    }

    /// What a caller must not do.
    struct Violations: Sendable, Equatable, Codable {
        var redirectsFollowed = 0
        /// The same callback again after its receipt.
        var afterReceipt = 0
        /// The other answer for a request that the partner had acted on.
        var otherAnswers = 0

        var total: Int { redirectsFollowed + afterReceipt + otherAnswers }

        static func += (left: inout Self, right: Self) {
            left.redirectsFollowed += right.redirectsFollowed
            left.afterReceipt += right.afterReceipt
            left.otherAnswers += right.otherAnswers
        }
    }
}

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
