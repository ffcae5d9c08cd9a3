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
    package var acceptedAt: Date

    /// The answer is the first thing that a partner is told about a request.
    package static let sequence = 1

    package init(
        provider: String, providerRequestID: String, organization: String, acceptance: Bool, reason: DecisionReason,
        rule: String?, coverageVersion: String, precision: GeocodedLocation.Precision? = nil, acceptedAt: Date
    ) {
        self.provider = provider
        self.providerRequestID = providerRequestID
        self.organization = organization
        self.acceptance = acceptance
        self.reason = reason
        self.rule = rule
        self.coverageVersion = coverageVersion
        self.precision = precision
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
        object.add("acceptedAt", Timestamp.string(acceptedAt))
    }
}

/// Why a request was accepted or not. Open: new reasons may be added.
package struct DecisionReason: RawRepresentable, Codable, Sendable, Hashable {
    package var rawValue: String
    package init(rawValue: String) { self.rawValue = rawValue }

    /// A rule of the organisation covers the place.
    package static let covered = DecisionReason(rawValue: "covered")
    /// The place is known, and no rule of the organisation covers it.
    package static let notCovered = DecisionReason(rawValue: "not-covered")
    /// The place is not known well enough for any rule to match.
    package static let unknownPlace = DecisionReason(rawValue: "unknown-place")
}
