package import struct Foundation.Date

/// An attempt to tell the partner has ended without a receipt.
package struct CallbackAttempted: EventData {
    package static let type = EventType.callbackAttempted
    /// The most of a partner's answer that an event holds, bytes of UTF-8.
    package static let longestExcerpt = 2048

    package var provider: String
    /// Which of the things that the partner is told about the request it was, from 1.
    package var sequence: Int
    /// Which attempt it was, from 1.
    package var attempt: Int
    package var startedAt: Date
    /// How long the attempt took, milliseconds.
    package var durationMilliseconds: Int
    /// Absent where no connection came about, and behind a proxy.
    package var addressFamily: AddressFamily?
    /// Absent when no answer came.
    package var httpStatus: Int?
    package var error: StageError
    /// How the partner's answer begins, without secrets or contact data; absent when it had no text.
    package var excerpt: String?

    package init(
        provider: String, sequence: Int, attempt: Int, startedAt: Date, durationMilliseconds: Int,
        addressFamily: AddressFamily?, httpStatus: Int?, error: StageError, excerpt: String?
    ) {
        self.provider = provider
        self.sequence = sequence
        self.attempt = attempt
        self.startedAt = startedAt
        self.durationMilliseconds = durationMilliseconds
        self.addressFamily = addressFamily
        self.httpStatus = httpStatus
        self.error = error
        self.excerpt = excerpt
    }

    package init(_ fields: EventFields) throws(ContractError) {
        provider = try fields.string("provider")
        sequence = try fields.int("sequence")
        attempt = try fields.int("attempt")
        startedAt = try fields.time("startedAt")
        durationMilliseconds = try fields.int("durationMilliseconds")
        addressFamily = try fields.stringIfPresent("addressFamily").map(AddressFamily.init)
        httpStatus = try fields.intIfPresent("httpStatus")
        error = try StageError(try fields.fields("error"))
        excerpt = try fields.stringIfPresent("excerpt")
    }

    package func write(to object: inout JSONObjectText) throws(ContractError) {
        object.add("provider", provider)
        object.add("sequence", sequence)
        object.add("attempt", attempt)
        object.add("startedAt", Timestamp.string(startedAt))
        object.add("durationMilliseconds", durationMilliseconds)
        object.add("addressFamily", addressFamily?.rawValue)
        object.add("httpStatus", httpStatus)
        try object.add("error", error.write)
        object.add("excerpt", excerpt)
    }
}
