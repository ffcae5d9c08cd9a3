import Contracts
import Foundation

/// The facts that nearly every request has, as columns of its row: how each is written, when it gives way to a newer
/// one, and how it is read.
struct FactColumns {
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

extension FactColumns {
    // Values in the order of the columns, and then those of the condition.

    static func values(_ geocoding: Recorded<Geocoding>) throws -> StoreValues {
        let location = geocoding.location
        let doubts = try GeocodingDoubts(geocoding.fact)?.text()
        return StoreValues {
            geocoding.at
            location?.latitude
            location?.longitude
            location?.precision
            location?.source
            geocoding.reason
            geocoding.countyFIPS
            geocoding.county
            geocoding.conflict != nil
            geocoding.conflict?.distanceKilometres
            geocoding.conflict?.zipState
            location?.confidence
            location?.uncertaintyKilometres
            location?.attribution
            doubts
        }
    }

    static func values(_ decision: Recorded<Decision>) -> StoreValues {
        StoreValues {
            decision.at
            decision.acceptance
            decision.reason
            decision.rule
            decision.coverageVersion
            decision.precision
            decision.explanation
            decision.needed
            decision.capacityNote
            decision.weight
            decision.weight == 0 ? decision.at.milliseconds : -decision.at.milliseconds
        }
    }

    static func values(_ receipt: Receipt) -> StoreValues {
        StoreValues {
            receipt.deliveredAt
            receipt.acceptance
            receipt.httpStatus
            receipt.attempt
            receipt.sequence
            receipt.durationMilliseconds
            receipt.addressFamily
        }
    }
}

extension Geocoding {
    static func recorded(_ row: StoreRow, of submission: Submission) throws(StoreError) -> Recorded<Geocoding>? {
        guard let at: Date = try row["geocoded_at"] else { return nil }
        let doubts = try (try row["geocoding_doubts"] as String?).map(GeocodingDoubts.init(text:))
        let geocoding = Geocoding(
            state: submission.address.state.uppercased(), zip: String(submission.address.zip.prefix(5)),
            countyFIPS: try row["county_fips"], county: try row["county"], counties: doubts?.counties ?? [],
            location: try GeocodedLocation(row), reason: try row["no_location_reason"],
            conflict: try row["has_conflict"]
                ? PlaceConflict(
                    distanceKilometres: try row["conflict_kilometres"], zipState: try row["conflict_state"]) : nil,
            disputes: doubts?.disputes ?? [], unavailable: doubts?.unavailable ?? [],
            regionCode: submission.regionCode)
        return Recorded(geocoding, at: at)
    }
}

extension GeocodedLocation {
    fileprivate init?(_ row: StoreRow) throws(StoreError) {
        guard let latitude: Double = try row["latitude"], let longitude: Double = try row["longitude"],
            let precision: Precision = try row["precision"], let source: String = try row["location_source"]
        else { return nil }
        self.init(
            latitude: latitude, longitude: longitude, precision: precision, source: source,
            confidence: try row["confidence"], uncertaintyKilometres: try row["uncertainty_kilometres"],
            attribution: try row["attribution"])
    }
}

/// What made a location coarser or less sure: JSON, since nothing asks for it but whoever reads the whole request, and
/// nearly every request has none.
struct GeocodingDoubts: Codable {
    var disputes: [DisputedAnswer]
    var unavailable: [String]
    /// Absent in what earlier versions kept.
    var counties: [CountyShare]?

    /// `nil` when there is none.
    init?(_ geocoding: Geocoding) {
        guard !geocoding.disputes.isEmpty || !geocoding.unavailable.isEmpty || !geocoding.counties.isEmpty else {
            return nil
        }
        disputes = geocoding.disputes
        unavailable = geocoding.unavailable
        counties = geocoding.counties
    }

    /// - Throws: `StoreError` when the text is not what `text` wrote.
    init(text: String) throws(StoreError) {
        do { self = try JSONDecoder().decode(GeocodingDoubts.self, from: Data(text.utf8)) } catch {
            throw StoreError(code: .unreadable, detail: "request.geocoding_doubts")
        }
    }

    func text() throws -> String { String(decoding: try JSONEncoder().encode(self), as: UTF8.self) }
}

extension Decision {
    static func recorded(_ row: StoreRow) throws(StoreError) -> Recorded<Decision>? {
        guard let at: Date = try row["decided_at"] else { return nil }
        let decision = Decision(
            acceptance: try row["acceptance"], reason: try row["decision_reason"], rule: try row["decision_rule"],
            coverageVersion: try row["coverage_version"], precision: try row["decision_precision"],
            explanation: try row["explanation"], needed: try row["needed"], capacityNote: try row["capacity_note"])
        return Recorded(decision, at: at)
    }
}

extension Receipt {
    init?(_ row: StoreRow) throws(StoreError) {
        guard let at: Date = try row["told_at"] else { return nil }
        let sequence: Int? = try row["told_sequence"]
        self.init(
            acceptance: try row["told_acceptance"], sequence: sequence ?? RequestDecided.sequence,
            httpStatus: try row["told_status"], attempt: try row["told_attempt"],
            durationMilliseconds: try row["told_duration"], addressFamily: try row["told_family"], deliveredAt: at)
    }
}
