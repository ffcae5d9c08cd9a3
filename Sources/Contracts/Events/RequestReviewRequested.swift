package import struct Foundation.Date

/// The rules do not say surely enough whether the organisation covers the place, and it wants a person to decide.
///
/// `request.decided` follows when somebody has, or when the deadline has passed: then it says the fallback.
package struct RequestReviewRequested: EventData {
    package static let type = EventType.requestReviewRequested

    package var provider: String
    package var providerRequestID: String
    package var organization: String
    package var reason: ReviewReason
    /// What the rules say as far as they go; it is not told.
    package var proposal: Bool
    /// The rule that it rests on; absent when none matched.
    package var rule: String?
    package var coverageVersion: String
    package var precision: GeocodedLocation.Precision?
    /// What is doubtful, in a sentence for the person who decides; without personal data.
    package var explanation: String
    /// Until when a person may decide.
    package var deadline: Date
    /// What the partner is told when nobody has until then.
    package var fallback: Bool
    package var acceptedAt: Date

    package init(
        provider: String, providerRequestID: String, organization: String, reason: ReviewReason, proposal: Bool,
        rule: String?, coverageVersion: String, precision: GeocodedLocation.Precision?, explanation: String,
        deadline: Date, fallback: Bool, acceptedAt: Date
    ) {
        self.provider = provider
        self.providerRequestID = providerRequestID
        self.organization = organization
        self.reason = reason
        self.proposal = proposal
        self.rule = rule
        self.coverageVersion = coverageVersion
        self.precision = precision
        self.explanation = explanation
        self.deadline = deadline
        self.fallback = fallback
        self.acceptedAt = acceptedAt
    }

    package init(_ fields: EventFields) throws(ContractError) {
        provider = try fields.string("provider")
        providerRequestID = try fields.string("providerRequestId")
        organization = try fields.string("organization")
        reason = ReviewReason(rawValue: try fields.string("reason"))
        proposal = try fields.bool("proposal")
        rule = try fields.stringIfPresent("rule")
        coverageVersion = try fields.string("coverageVersion")
        precision = try fields.stringIfPresent("precision").map(GeocodedLocation.Precision.init)
        explanation = try fields.string("explanation")
        deadline = try fields.time("deadline")
        fallback = try fields.bool("fallback")
        acceptedAt = try fields.time("acceptedAt")
    }

    package func write(to object: inout JSONObjectText) {
        object.add("provider", provider)
        object.add("providerRequestId", providerRequestID)
        object.add("organization", organization)
        object.add("reason", reason.rawValue)
        object.add("proposal", proposal)
        object.add("rule", rule)
        object.add("coverageVersion", coverageVersion)
        object.add("precision", precision?.rawValue)
        object.add("explanation", explanation)
        object.add("deadline", Timestamp.string(deadline))
        object.add("fallback", fallback)
        object.add("acceptedAt", Timestamp.string(acceptedAt))
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
