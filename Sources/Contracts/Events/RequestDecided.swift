package import struct Foundation.Date

/// DecisionService knows whether the organisation covers the place, and why.
package struct RequestDecided: PartnerNews {
    package static let type = EventType.requestDecided

    package var provider: String
    package var providerRequestID: String
    package var organization: String
    /// What the partner is told.
    package var acceptance: Bool
    package var reason: DecisionReason
    /// The rule of the coverage file that decided, e.g. `zip-prefix:770`; absent when no rule matched.
    package var rule: String?
    /// Names the coverage file's content, so that a decision can be traced to the file that made it.
    package var coverageVersion: String
    /// How precisely the place was known that was decided on; absent when it was not known at all.
    package var precision: GeocodedLocation.Precision?
    /// Why, in a sentence that staff can say on the telephone; without personal data.
    package var explanation: String?
    /// What would have been needed for a yes, or for a surer answer; absent when nothing was missing.
    package var needed: String?
    /// The organisation's note on what it can take there, from the rule that covers the place.
    package var capacityNote: String?
    package var acceptedAt: Date

    /// The answer is the first thing that a partner is told about a request.
    package static let sequence = 1

    package init(
        provider: String, providerRequestID: String, organization: String, acceptance: Bool, reason: DecisionReason,
        rule: String?, coverageVersion: String, precision: GeocodedLocation.Precision? = nil,
        explanation: String? = nil, needed: String? = nil, capacityNote: String? = nil, acceptedAt: Date
    ) {
        self.provider = provider
        self.providerRequestID = providerRequestID
        self.organization = organization
        self.acceptance = acceptance
        self.reason = reason
        self.rule = rule
        self.coverageVersion = coverageVersion
        self.precision = precision
        self.explanation = explanation
        self.needed = needed
        self.capacityNote = capacityNote
        self.acceptedAt = acceptedAt
    }

    package init(_ fields: EventFields) throws(ContractError) {
        provider = try fields.string("provider")
        providerRequestID = try fields.string("providerRequestId")
        organization = try fields.string("organization")
        acceptance = try fields.bool("acceptance")
        reason = DecisionReason(rawValue: try fields.string("reason"))
        rule = try fields.stringIfPresent("rule")
        coverageVersion = try fields.string("coverageVersion")
        precision = try fields.stringIfPresent("precision").map(GeocodedLocation.Precision.init)
        explanation = try fields.stringIfPresent("explanation")
        needed = try fields.stringIfPresent("needed")
        capacityNote = try fields.stringIfPresent("capacityNote")
        acceptedAt = try fields.time("acceptedAt")
    }

    package func write(to object: inout JSONObjectText) {
        object.add("provider", provider)
        object.add("providerRequestId", providerRequestID)
        object.add("organization", organization)
        object.add("acceptance", acceptance)
        object.add("reason", reason.rawValue)
        object.add("rule", rule)
        object.add("coverageVersion", coverageVersion)
        object.add("precision", precision?.rawValue)
        object.add("explanation", explanation)
        object.add("needed", needed)
        object.add("capacityNote", capacityNote)
        object.add("acceptedAt", Timestamp.string(acceptedAt))
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

    // After a review, see `RequestReviewRequested`.
    /// A person has said yes.
    package static let reviewAccepted = DecisionReason(rawValue: "review_accepted")
    /// A person has said no.
    package static let reviewDeclined = DecisionReason(rawValue: "review_declined")
    /// Nobody has said anything before the deadline: what the organisation wants then.
    package static let reviewOverdue = DecisionReason(rawValue: "review_overdue")
}
