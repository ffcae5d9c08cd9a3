package import struct Foundation.Date

/// The organisation has taken a further step with a request that it covers.
///
/// Says again what was decided, since it overtakes an answer that the partner has not taken yet.
package struct RequestStatusChanged: PartnerNews {
    package static let type = EventType.requestStatusChanged

    package var provider: String
    package var providerRequestID: String
    package var organization: String
    package var acceptance: Bool
    package var reason: DecisionReason
    package var rule: String?
    package var precision: GeocodedLocation.Precision?
    package var status: RequestStatus
    /// Which of the things that the partner is told about the request it is: the answer is 1, each change one more.
    package var sequence: Int
    package var changedAt: Date
    package var acceptedAt: Date

    package init(
        provider: String, providerRequestID: String, organization: String, acceptance: Bool, reason: DecisionReason,
        rule: String?, precision: GeocodedLocation.Precision?, status: RequestStatus, sequence: Int, changedAt: Date,
        acceptedAt: Date
    ) {
        self.provider = provider
        self.providerRequestID = providerRequestID
        self.organization = organization
        self.acceptance = acceptance
        self.reason = reason
        self.rule = rule
        self.precision = precision
        self.status = status
        self.sequence = sequence
        self.changedAt = changedAt
        self.acceptedAt = acceptedAt
    }

    package init(_ fields: EventFields) throws(ContractError) {
        provider = try fields.string("provider")
        providerRequestID = try fields.string("providerRequestId")
        organization = try fields.string("organization")
        acceptance = try fields.bool("acceptance")
        reason = DecisionReason(rawValue: try fields.string("reason"))
        rule = try fields.stringIfPresent("rule")
        precision = try fields.stringIfPresent("precision").map(GeocodedLocation.Precision.init)
        status = RequestStatus(rawValue: try fields.string("status"))
        sequence = try fields.int("sequence")
        changedAt = try fields.time("changedAt")
        acceptedAt = try fields.time("acceptedAt")
    }

    package func write(to object: inout JSONObjectText) {
        object.add("provider", provider)
        object.add("providerRequestId", providerRequestID)
        object.add("organization", organization)
        object.add("acceptance", acceptance)
        object.add("reason", reason.rawValue)
        object.add("rule", rule)
        object.add("precision", precision?.rawValue)
        object.add("status", status.rawValue)
        object.add("sequence", sequence)
        object.add("changedAt", Timestamp.string(changedAt))
        object.add("acceptedAt", Timestamp.string(acceptedAt))
    }
}

/// How far the organisation has come with a request. Open: new ones may be added.
package struct RequestStatus: RawRepresentable, Codable, Sendable, Hashable {
    package var rawValue: String
    package init(rawValue: String) { self.rawValue = rawValue }

    /// Nobody has taken it on; also a request that was reopened.
    package static let new = RequestStatus(rawValue: "new")
    /// Somebody of the organisation has it.
    package static let assigned = RequestStatus(rawValue: "assigned")
    /// There is an appointment.
    package static let scheduled = RequestStatus(rawValue: "scheduled")
    /// The help was given.
    package static let completed = RequestStatus(rawValue: "completed")
    /// It will not be given.
    package static let canceled = RequestStatus(rawValue: "canceled")
}
