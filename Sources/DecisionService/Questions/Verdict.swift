import Contracts

import struct Foundation.Date

/// What the rules say of one place, as questions, drafts and the map have it.
struct Verdict: Sendable, Equatable, Encodable {
    enum Outcome: String, Sendable, Encodable {
        case covered
        case notCovered = "not_covered"
        /// A person would decide.
        case review
        /// The place is not known well enough for any rule.
        case unknown
    }

    var outcome: Outcome
    /// What the partner would be told; `nil` where that is open.
    var acceptance: Bool?
    var reason: String
    /// Absent when no rule matched.
    var rule: String?
    var explanation: String?
    /// What would have been needed for a yes, or for a surer answer.
    var needed: String?
    var capacityNote: String?

    private enum Key: String, CodingKey {
        case outcome, acceptance, reason, rule, explanation, needed, capacityNote
    }

    /// `acceptance` stands there as null, too.
    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        try container.encode(outcome, forKey: .outcome)
        try container.encode(acceptance, forKey: .acceptance)
        try container.encode(reason, forKey: .reason)
        try container.encodeIfPresent(rule, forKey: .rule)
        try container.encodeIfPresent(explanation, forKey: .explanation)
        try container.encodeIfPresent(needed, forKey: .needed)
        try container.encodeIfPresent(capacityNote, forKey: .capacityNote)
    }
}

extension Coverage {
    /// - Parameter now: the time that the rules are to be in force at.
    /// - Returns: `nil` when the coverage does not know the organisation.
    func verdict(on place: Geocoding, organization: String, at now: Date) -> Verdict? {
        decide(PlaceToDecide(place), organization: organization, at: now).map(Verdict.init)
    }
}

extension Verdict {
    /// What a person is to decide is open, whatever the rules propose.
    fileprivate init(_ decided: CoverageOutcome) {
        let isUnknown = decided.reason == .locationUnknown
        outcome =
            decided.review != nil ? .review : decided.acceptance ? .covered : isUnknown ? .unknown : .notCovered
        acceptance = outcome == .covered ? true : outcome == .notCovered ? false : nil
        reason = decided.review?.reason.rawValue ?? decided.reason.rawValue
        rule = decided.rule?.description
        explanation = decided.explanation
        needed = decided.needed
        capacityNote = decided.capacityNote
    }
}
