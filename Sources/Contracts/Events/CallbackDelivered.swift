package import struct Foundation.Date

/// The partner has taken the answer, or the news of a further step.
package struct CallbackDelivered: EventData {
    package static let type = EventType.callbackDelivered

    package var provider: String
    package var providerRequestID: String
    /// What the partner was told.
    package var acceptance: Bool
    /// Which of the things that the partner is told about the request it was, from 1.
    package var sequence: Int
    /// The HTTP status of the partner's receipt.
    package var httpStatus: Int
    /// Which attempt it was, from 1.
    package var attempt: Int
    /// How long the attempt took, milliseconds; absent in events of older versions.
    package var durationMilliseconds: Int?
    /// Absent where it is not known: in events of older versions, and behind a proxy.
    package var addressFamily: AddressFamily?
    package var deliveredAt: Date

    package init(
        provider: String, providerRequestID: String, acceptance: Bool, sequence: Int = RequestDecided.sequence,
        httpStatus: Int, attempt: Int, durationMilliseconds: Int? = nil, addressFamily: AddressFamily? = nil,
        deliveredAt: Date
    ) {
        self.provider = provider
        self.providerRequestID = providerRequestID
        self.acceptance = acceptance
        self.sequence = sequence
        self.httpStatus = httpStatus
        self.attempt = attempt
        self.durationMilliseconds = durationMilliseconds
        self.addressFamily = addressFamily
        self.deliveredAt = deliveredAt
    }

    package init(_ fields: EventFields) throws(ContractError) {
        provider = try fields.string("provider")
        providerRequestID = try fields.string("providerRequestId")
        acceptance = try fields.bool("acceptance")
        sequence = try fields.intIfPresent("sequence") ?? RequestDecided.sequence
        httpStatus = try fields.int("httpStatus")
        attempt = try fields.int("attempt")
        durationMilliseconds = try fields.intIfPresent("durationMilliseconds")
        addressFamily = try fields.stringIfPresent("addressFamily").map(AddressFamily.init)
        deliveredAt = try fields.time("deliveredAt")
    }

    package func write(to object: inout JSONObjectText) {
        object.add("provider", provider)
        object.add("providerRequestId", providerRequestID)
        object.add("acceptance", acceptance)
        object.add("sequence", sequence)
        object.add("httpStatus", httpStatus)
        object.add("attempt", attempt)
        object.add("durationMilliseconds", durationMilliseconds)
        object.add("addressFamily", addressFamily?.rawValue)
        object.add("deliveredAt", Timestamp.string(deliveredAt))
    }
}
