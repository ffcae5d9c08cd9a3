package import struct Foundation.Date

/// Whether the organisation covers the place, and why.
package struct Decision: Sendable, Equatable, Codable {
    /// What the partner is told.
    package var acceptance = false
    package var reason = DecisionReason(rawValue: "")
    /// The rule of the coverage file that decided, e.g. `zip-prefix:770`; absent when no rule matched.
    package var rule: String?
    /// Names the coverage file's content, so that a decision can be traced to the file that made it.
    package var coverageVersion = ""
    /// How precisely the place was known that was decided on; absent when it was not known at all.
    package var precision: GeocodedLocation.Precision?
    /// Why, in a sentence that staff can say on the telephone; without personal data.
    package var explanation: String?
    /// What would have been needed for a yes, or for a surer answer; absent when nothing was missing.
    package var needed: String?
    /// The organisation's note on what it can take there, from the rule that covers the place.
    package var capacityNote: String?

    init() {}

    package init(
        acceptance: Bool, reason: DecisionReason, rule: String?, coverageVersion: String,
        precision: GeocodedLocation.Precision? = nil, explanation: String? = nil, needed: String? = nil,
        capacityNote: String? = nil
    ) {
        self.acceptance = acceptance
        self.reason = reason
        self.rule = rule
        self.coverageVersion = coverageVersion
        self.precision = precision
        self.explanation = explanation
        self.needed = needed
        self.capacityNote = capacityNote
    }

    mutating func code(_ coder: inout FieldCoder) throws(ContractError) {
        try coder.field("acceptance", &acceptance)
        try coder.field("reason", &reason)
        try coder.field("rule", &rule)
        try coder.field("coverageVersion", &coverageVersion)
        try coder.field("precision", &precision)
        try coder.field("explanation", &explanation)
        try coder.field("needed", &needed)
        try coder.field("capacityNote", &capacityNote)
    }
}

/// Why a request was accepted or not. Open: new reasons may be added.
package struct DecisionReason: RawRepresentable, Codable, Sendable, Hashable {
    package var rawValue: String
    package init(rawValue: String) { self.rawValue = rawValue }

    // Yes, by the rule that covers the place.
    package static let zipCovered = DecisionReason(rawValue: "zip_covered")
    package static let zipPrefixCovered = DecisionReason(rawValue: "zip_prefix_covered")
    package static let countyCovered = DecisionReason(rawValue: "county_covered")
    package static let stateCovered = DecisionReason(rawValue: "state_covered")
    package static let regionCovered = DecisionReason(rawValue: "region_covered")
    package static let withinPolygon = DecisionReason(rawValue: "within_polygon")
    package static let withinRadius = DecisionReason(rawValue: "within_radius")

    // No.
    /// An `exclude` rule takes the place out of what is covered.
    package static let excluded = DecisionReason(rawValue: "excluded")
    /// The place is known, and no rule of the organisation covers it.
    package static let notCovered = DecisionReason(rawValue: "not_covered")
    /// The organisation has no rule in force on that day.
    package static let noCoverageDefined = DecisionReason(rawValue: "no_coverage_defined")
    /// The place is not known well enough for any rule to match.
    package static let locationUnknown = DecisionReason(rawValue: "location_unknown")

    // After a review, see `ReviewQuestion`.
    /// A person has said yes.
    package static let reviewAccepted = DecisionReason(rawValue: "review_accepted")
    /// A person has said no.
    package static let reviewDeclined = DecisionReason(rawValue: "review_declined")
    /// Nobody has said anything before the deadline: what the organisation wants then.
    package static let reviewOverdue = DecisionReason(rawValue: "review_overdue")
}

/// What a person is to decide, since the rules do not say surely enough whether the organisation covers the place.
package struct ReviewQuestion: Sendable, Equatable {
    package var reason = ReviewReason(rawValue: "")
    /// What the rules say as far as they go; it is not told.
    package var proposal = false
    /// The rule that it rests on; absent when none matched.
    package var rule: String?
    package var coverageVersion = ""
    package var precision: GeocodedLocation.Precision?
    /// What is doubtful, in a sentence for the person who decides; without personal data.
    package var explanation = ""
    /// Until when a person may decide.
    package var deadline = Date.unset
    /// What the partner is told when nobody has until then.
    package var fallback = false

    init() {}

    package init(
        reason: ReviewReason, proposal: Bool, rule: String?, coverageVersion: String,
        precision: GeocodedLocation.Precision?, explanation: String, deadline: Date, fallback: Bool
    ) {
        self.reason = reason
        self.proposal = proposal
        self.rule = rule
        self.coverageVersion = coverageVersion
        self.precision = precision
        self.explanation = explanation
        self.deadline = deadline
        self.fallback = fallback
    }

    mutating func code(_ coder: inout FieldCoder) throws(ContractError) {
        try coder.field("reason", &reason)
        try coder.field("proposal", &proposal)
        try coder.field("rule", &rule)
        try coder.field("coverageVersion", &coverageVersion)
        try coder.field("precision", &precision)
        try coder.field("explanation", &explanation)
        try coder.field("deadline", &deadline)
        try coder.field("fallback", &fallback)
    }
}

/// Why a person is to decide. Open: new reasons may be added.
package struct ReviewReason: RawRepresentable, Codable, Sendable, Hashable {
    package var rawValue: String
    package init(rawValue: String) { self.rawValue = rawValue }

    /// The ZIP and the city that the partner named lie too far apart.
    package static let placeConflict = ReviewReason(rawValue: "place_conflict")
    /// The location is less certain than its distance from the edge of what is covered.
    package static let locationTooCoarse = ReviewReason(rawValue: "location_too_coarse")
}
