package import struct Foundation.Date

/// That the partner has taken the answer, or the news of a further step.
package struct Receipt: Sendable, Equatable {
    /// What the partner was told.
    package var acceptance = false
    /// Which of the things that the partner is told about the request it was, from 1.
    package var sequence = RequestDecided.sequence
    /// The HTTP status of the partner's receipt.
    package var httpStatus = 0
    /// Which attempt it was, from 1.
    package var attempt = 0
    /// How long the attempt took, milliseconds; absent in events of older versions.
    package var durationMilliseconds: Int?
    /// Absent where it is not known: in events of older versions, and behind a proxy.
    package var addressFamily: AddressFamily?
    package var deliveredAt = Date.unset

    init() {}

    package init(
        acceptance: Bool, sequence: Int = RequestDecided.sequence, httpStatus: Int, attempt: Int,
        durationMilliseconds: Int? = nil, addressFamily: AddressFamily? = nil, deliveredAt: Date
    ) {
        self.acceptance = acceptance
        self.sequence = sequence
        self.httpStatus = httpStatus
        self.attempt = attempt
        self.durationMilliseconds = durationMilliseconds
        self.addressFamily = addressFamily
        self.deliveredAt = deliveredAt
    }

    mutating func code(_ coder: inout FieldCoder) throws(ContractError) {
        try coder.field("acceptance", &acceptance)
        try coder.field("sequence", &sequence, absent: RequestDecided.sequence, isAlwaysWritten: true)
        try coder.field("httpStatus", &httpStatus)
        try coder.field("attempt", &attempt)
        try coder.field("durationMilliseconds", &durationMilliseconds)
        try coder.field("addressFamily", &addressFamily)
        try coder.field("deliveredAt", &deliveredAt)
    }
}

/// By which protocol a partner was reached. Open: new ones may be added.
package struct AddressFamily: RawRepresentable, Codable, Sendable, Hashable {
    package var rawValue: String
    package init(rawValue: String) { self.rawValue = rawValue }

    package static let ipv4 = AddressFamily(rawValue: "IPv4")
    package static let ipv6 = AddressFamily(rawValue: "IPv6")
}

/// What went wrong in a stage, in a form that may be shown to the partner: no secret, no personal data.
package struct StageError: Fields, Codable {
    /// Lower-case words joined by hyphens, stable, e.g. `connection-refused`.
    package var code = ""
    /// One sentence for people.
    package var message = ""

    package init() {}

    package init(code: String, message: String) {
        self.code = code
        self.message = message
    }

    package mutating func code(_ coder: inout FieldCoder) throws(ContractError) {
        try coder.field("code", &code)
        try coder.field("message", &message)
    }
}
