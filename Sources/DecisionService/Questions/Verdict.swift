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
    /// - Parameter now: the day that the rules are to be in force on.
    /// - Returns: `nil` when the coverage does not know the organisation.
    func verdict(on geocoded: RequestGeocoded, at now: Date) -> Verdict? {
        guard let decision = decide(PlaceToDecide(geocoded), organization: geocoded.organization) else { return nil }
        let isOpen = decision.reason == .locationUnknown
        return Verdict(
            outcome: decision.acceptance ? .covered : isOpen ? .unknown : .notCovered,
            acceptance: isOpen ? nil : decision.acceptance, reason: decision.reason.rawValue,
            rule: decision.rule?.description)
    }
}
