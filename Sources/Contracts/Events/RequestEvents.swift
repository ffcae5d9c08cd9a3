package import struct Foundation.Date

/// A partner's request is on disk and was answered with 202.
///
/// The only event that carries the street. Name, phone and e-mail never leave IngestService's database.
package struct RequestAccepted: EventData {
    package static let type = EventType.requestAccepted

    package var request = RequestReference()
    /// Where help is asked for.
    package var address = PostalAddress()
    /// The partner's own name of the region, when it sent one that looks like a code.
    package var regionCode: String?

    package init() {}

    package init(_ request: RequestReference, address: PostalAddress, regionCode: String?) {
        self.request = request
        self.address = address
        self.regionCode = regionCode
    }

    package mutating func code(_ coder: inout FieldCoder) throws(ContractError) {
        try request.codeNames(&coder)
        try coder.field("address", &address)
        try coder.field("regionCode", &regionCode)
        try request.codeTime(&coder)
    }
}

/// GeocodeService has looked for the place.
package struct RequestGeocoded: EventData {
    package static let type = EventType.requestGeocoded

    package var request = RequestReference()
    package var geocoding = Geocoding()

    package init() {}

    package init(_ request: RequestReference, _ geocoding: Geocoding) {
        self.request = request
        self.geocoding = geocoding
    }

    package mutating func code(_ coder: inout FieldCoder) throws(ContractError) {
        try request.codeNames(&coder)
        try geocoding.code(&coder)
        try request.codeTime(&coder)
    }
}

/// The organisation wants a person to decide.
///
/// `request.decided` follows when somebody has, or when the deadline has passed: then it says the fallback.
package struct RequestReviewRequested: EventData {
    package static let type = EventType.requestReviewRequested

    package var request = RequestReference()
    package var question = ReviewQuestion()

    package init() {}

    package init(_ request: RequestReference, _ question: ReviewQuestion) {
        self.request = request
        self.question = question
    }

    package mutating func code(_ coder: inout FieldCoder) throws(ContractError) {
        try request.codeNames(&coder)
        try question.code(&coder)
        try request.codeTime(&coder)
    }
}

/// It is known whether the organisation covers the place, and why: by its rules, or by a review.
package struct RequestDecided: EventData {
    package static let type = EventType.requestDecided
    /// The answer is the first thing that a partner is told about a request.
    package static let sequence = 1

    package var request = RequestReference()
    package var decision = Decision()

    package init() {}

    package init(_ request: RequestReference, _ decision: Decision) {
        self.request = request
        self.decision = decision
    }

    package var partitionKey: String? { request.provider }

    package mutating func code(_ coder: inout FieldCoder) throws(ContractError) {
        try request.codeNames(&coder)
        try decision.code(&coder)
        try request.codeTime(&coder)
    }
}

/// The organisation has taken a further step with a request that it covers.
///
/// Says again what was decided, since it overtakes an answer that the partner has not taken yet.
package struct RequestStatusChanged: EventData {
    package static let type = EventType.requestStatusChanged

    package var request = RequestReference()
    package var acceptance = false
    package var reason = DecisionReason(rawValue: "")
    package var rule: String?
    package var precision: GeocodedLocation.Precision?
    package var status = RequestStatus(rawValue: "")
    /// Which of the things that the partner is told about the request it is: the answer is 1, each change one more.
    package var sequence = 0
    package var changedAt = Date.unset

    package init() {}

    /// - Parameter decision: what was decided.
    package init(
        _ request: RequestReference, _ decision: Decision, status: RequestStatus, sequence: Int, changedAt: Date
    ) {
        self.request = request
        acceptance = decision.acceptance
        reason = decision.reason
        rule = decision.rule
        precision = decision.precision
        self.status = status
        self.sequence = sequence
        self.changedAt = changedAt
    }

    package var partitionKey: String? { request.provider }

    package mutating func code(_ coder: inout FieldCoder) throws(ContractError) {
        try request.codeNames(&coder)
        try coder.field("acceptance", &acceptance)
        try coder.field("reason", &reason)
        try coder.field("rule", &rule)
        try coder.field("precision", &precision)
        try coder.field("status", &status)
        try coder.field("sequence", &sequence)
        try coder.field("changedAt", &changedAt)
        try request.codeTime(&coder)
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
