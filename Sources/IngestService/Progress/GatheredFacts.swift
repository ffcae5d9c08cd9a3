import Contracts

import struct Foundation.Date

/// Facts about one request that came together, and are written as one change of its row: what a change costs is paid
/// once. Each is of another kind, and of those that nearly every request has.
///
/// Each kind writes columns of its own, and only over an older fact of its kind: where one of them is older than what
/// is there, none is written, and they go one by one.
struct GatheredFacts: Sendable {
    let id: RequestID
    var geocoding: Recorded<Geocoding>?
    var decision: Recorded<Decision>?
    var receipt: Receipt?
    /// Where the facts stand among those that came.
    var places: [Int] = []

    /// - Returns: by request; `nil` when one of them is no such fact.
    static func gather(_ records: [ProgressRecord]) -> [GatheredFacts]? {
        var (all, last): ([GatheredFacts], [RequestID: Int]) = ([], [:])
        all.reserveCapacity(records.count)
        for (place, record) in records.enumerated() {
            guard let id = record.id else { return nil }
            // What comes after the answer goes beside it, and into the timeline.
            if case .delivered(let receipt) = record.update, receipt.sequence > RequestDecided.sequence { return nil }
            if let known = last[id], all[known].add(record.update) {
                all[known].places.append(place)
                continue
            }
            guard var facts = GatheredFacts(record.update, of: id) else { return nil }
            facts.places = [place]
            last[id] = all.count
            all.append(facts)
        }
        return all
    }

    init(id: RequestID, decision: Recorded<Decision>? = nil) { (self.id, self.decision) = (id, decision) }

    /// - Returns: `nil` when it is no such fact.
    init?(_ update: ProgressUpdate, of id: RequestID) {
        self.init(id: id)
        guard add(update) else { return nil }
    }

    /// - Returns: whether it was taken; one of the same kind is there otherwise, or it is no such fact.
    private mutating func add(_ update: ProgressUpdate) -> Bool {
        switch update {
        case .geocoded(let new) where geocoding == nil: geocoding = new
        case .decided(let new) where decision == nil: decision = new
        case .delivered(let new) where receipt == nil: receipt = new
        case .geocoded, .decided, .delivered, .reviewRequested, .retrying, .dead, .resolved, .degraded, .recovered,
            .noted:
            return false
        }
        return true
    }
}

extension StoreTransaction {
    func send(_ facts: GatheredFacts, at now: Date) throws -> StoreSent {
        var (values, kinds): (StoreValues, Int) = ([facts.id, now], 0)
        if let geocoding = facts.geocoding {
            kinds |= FactColumns.geocoding.bit
            values = values + (try Self.values(geocoding))
        }
        if let decision = facts.decision {
            kinds |= FactColumns.decision.bit
            values = values + Self.values(decision)
        }
        if let receipt = facts.receipt {
            kinds |= FactColumns.receipt.bit
            values = values + Self.values(receipt)
        }
        return try send(FactColumns.statements[kinds], values)
    }

    private static func values(_ geocoding: Recorded<Geocoding>) throws -> StoreValues {
        let location = geocoding.location
        return [
            geocoding.at, location?.latitude, location?.longitude, location?.precision, location?.source,
            geocoding.reason, geocoding.countyFIPS, geocoding.county, geocoding.conflict != nil,
            geocoding.conflict?.distanceKilometres, geocoding.conflict?.zipState, location?.confidence,
            location?.uncertaintyKilometres, location?.attribution, try GeocodingDoubts(geocoding.fact)?.text(),
        ]
    }

    private static func values(_ decision: Recorded<Decision>) -> StoreValues {
        [
            decision.at, decision.acceptance, decision.reason, decision.rule, decision.coverageVersion,
            decision.precision, decision.explanation, decision.needed, decision.capacityNote, decision.weight,
            decision.weight == 0 ? decision.at.milliseconds : -decision.at.milliseconds,
        ]
    }

    private static func values(_ receipt: Receipt) -> StoreValues {
        [
            receipt.deliveredAt, receipt.acceptance, receipt.httpStatus, receipt.attempt, receipt.sequence,
            receipt.durationMilliseconds, receipt.addressFamily,
        ]
    }
}

/// The columns of a kind of fact, and when they give way to a newer one.
private struct FactColumns {
    let bit: Int
    let columns: [(name: String, kind: RowStatement.Kind)]
    /// Further values, for the condition alone.
    var others: [(name: String, kind: RowStatement.Kind)] = []
    /// Whether the values may be written; `{name}` is a value.
    let condition: String

    static let geocoding = FactColumns(
        bit: 1,
        columns: [
            ("geocoded_at", .integer), ("latitude", .real), ("longitude", .real), ("precision", .text),
            ("location_source", .text), ("no_location_reason", .text), ("county_fips", .text), ("county", .text),
            ("has_conflict", .integer), ("conflict_kilometres", .real), ("conflict_state", .text),
            ("confidence", .real), ("uncertainty_kilometres", .real), ("attribution", .text),
            ("geocoding_doubts", .text),
        ],
        condition: "geocoded_at IS NULL OR geocoded_at <= {geocoded_at}")

    static let decision = FactColumns(
        bit: 2,
        columns: [
            ("decided_at", .integer), ("acceptance", .integer), ("decision_reason", .text), ("decision_rule", .text),
            ("coverage_version", .text), ("decision_precision", .text), ("explanation", .text), ("needed", .text),
            ("capacity_note", .text),
        ],
        others: [("weight", .integer), ("order", .integer)],
        condition: """
            decided_at IS NULL OR ((\(weight)),
                CASE (\(weight)) WHEN 0 THEN decided_at ELSE -decided_at END) <= ({weight}, {order})
            """)

    /// The job is completed by the first thing that the partner takes: the answer, or a step that repeats it. What
    /// comes after it goes beside it; so does the answer when it is taken once more.
    static let receipt = FactColumns(
        bit: 4,
        columns: [
            ("told_at", .integer), ("told_acceptance", .integer), ("told_status", .integer),
            ("told_attempt", .integer), ("told_sequence", .integer), ("told_duration", .integer),
            ("told_family", .text),
        ],
        condition: """
            told_at IS NULL OR coalesce(told_sequence, 1) > {told_sequence}
            """)

    /// `Decision.weight` of a row of `request` that is decided.
    private static let weight: String = {
        let cases = Decision.weights.map { "WHEN '\($0.key.rawValue)' THEN \($0.value)" }.sorted()
        return "CASE decision_reason \(cases.joined(separator: " ")) ELSE 0 END"
    }()

    /// For each set of kinds, by their bits: the id, the time, and then the values of each.
    static let statements: [RowStatement] = (0..<8).map { bits in
        var kinds: [RowStatement.Kind] = [.text, .integer]
        var (assignments, conditions): ([String], [String]) = ([], ["id = ?1"])
        for fact in [geocoding, decision, receipt] where bits & fact.bit != 0 {
            var condition = fact.condition
            for (index, value) in (fact.columns + fact.others).enumerated() {
                kinds.append(value.kind)
                let place = "?\(kinds.count)"
                if index < fact.columns.count { assignments.append("\(value.name) = \(place)") }
                condition = condition.replacing("{\(value.name)}", with: place)
            }
            conditions.append("(\(condition))")
        }
        assignments.append("moved_at = CASE WHEN moved_at < ?2 THEN ?2 ELSE moved_at END")
        return RowStatement(
            update: "request", set: assignments.joined(separator: ", "),
            where: conditions.joined(separator: " AND "), kinds)
    }
}
