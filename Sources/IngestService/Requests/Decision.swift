import Contracts

import struct Foundation.Date

/// Whether the organisation covers the place, as the projection keeps it.
struct Decision: Sendable, Equatable {
    /// When it was decided.
    var at: Date
    var acceptance: Bool
    var reason: DecisionReason
    var rule: String?
    var coverageVersion: String
    /// How precisely the place was known that was decided on.
    var precision: GeocodedLocation.Precision?
    /// Why, in a sentence.
    var explanation: String?
    /// What would have been needed for a yes, or for a surer answer.
    var needed: String?
    /// The organisation's note on what it can take there.
    var capacityNote: String?

    init(_ data: RequestDecided, at: Date) {
        self.init(
            at: at, acceptance: data.acceptance, reason: data.reason, rule: data.rule,
            coverageVersion: data.coverageVersion, precision: data.precision, explanation: data.explanation,
            needed: data.needed, capacityNote: data.capacityNote)
    }

    init(
        at: Date, acceptance: Bool, reason: DecisionReason, rule: String?, coverageVersion: String,
        precision: GeocodedLocation.Precision? = nil, explanation: String? = nil, needed: String? = nil,
        capacityNote: String? = nil
    ) {
        self.at = at
        self.acceptance = acceptance
        self.reason = reason
        self.rule = rule
        self.coverageVersion = coverageVersion
        self.precision = precision
        self.explanation = explanation
        self.needed = needed
        self.capacityNote = capacityNote
    }

    /// Of two, the weightier one stays. What the rules said gives way to what they say later; what a deadline decided only to
    /// a person, and what a person decided to nothing: the first one of its weight has been told.
    var weight: Int { Self.weights[reason] ?? 0 }

    /// Of the reasons that do not come from the rules.
    static let weights: [DecisionReason: Int] = [.reviewOverdue: 1, .reviewAccepted: 2, .reviewDeclined: 2]
}
