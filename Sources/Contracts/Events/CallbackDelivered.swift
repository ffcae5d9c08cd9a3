package import struct Foundation.Date

/// The partner has taken the answer.
package struct CallbackDelivered: EventData {
    package static let type = EventType.callbackDelivered

    package var provider: String
    package var providerRequestID: String
    /// What the partner was told.
    package var acceptance: Bool
    /// The HTTP status of the partner's receipt.
    package var httpStatus: Int
    /// Which attempt it was, from 1.
    package var attempt: Int
    package var deliveredAt: Date

    package init(
        provider: String, providerRequestID: String, acceptance: Bool, httpStatus: Int, attempt: Int, deliveredAt: Date
    ) {
        self.provider = provider
        self.providerRequestID = providerRequestID
        self.acceptance = acceptance
        self.httpStatus = httpStatus
        self.attempt = attempt
        self.deliveredAt = deliveredAt
    }

    package init(_ fields: EventFields) throws(ContractError) {
        provider = try fields.string("provider")
        providerRequestID = try fields.string("providerRequestId")
        acceptance = try fields.bool("acceptance")
        httpStatus = try fields.int("httpStatus")
        attempt = try fields.int("attempt")
        deliveredAt = try fields.time("deliveredAt")
    }

    package func write(to object: inout JSONObjectText) {
        object.add("provider", provider)
        object.add("providerRequestId", providerRequestID)
        object.add("acceptance", acceptance)
        object.add("httpStatus", httpStatus)
        object.add("attempt", attempt)
        object.add("deliveredAt", Timestamp.string(deliveredAt))
    }
}
