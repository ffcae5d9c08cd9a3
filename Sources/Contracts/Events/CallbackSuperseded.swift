package import struct Foundation.Date

/// What the partner was to be told is not told any more: something newer about the same request has overtaken it.
package struct CallbackSuperseded: EventData {
    package static let type = EventType.callbackSuperseded

    package var provider: String
    /// What is not told any more.
    package var sequence: Int
    /// What has overtaken it.
    package var newestSequence: Int
    package var supersededAt: Date

    package init(provider: String, sequence: Int, newestSequence: Int, supersededAt: Date) {
        self.provider = provider
        self.sequence = sequence
        self.newestSequence = newestSequence
        self.supersededAt = supersededAt
    }

    package init(_ fields: EventFields) throws(ContractError) {
        provider = try fields.string("provider")
        sequence = try fields.int("sequence")
        newestSequence = try fields.int("newestSequence")
        supersededAt = try fields.time("supersededAt")
    }

    package func write(to object: inout JSONObjectText) {
        object.add("provider", provider)
        object.add("sequence", sequence)
        object.add("newestSequence", newestSequence)
        object.add("supersededAt", Timestamp.string(supersededAt))
    }
}
