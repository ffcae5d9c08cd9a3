package import struct Foundation.Date

/// A partner's endpoint takes callbacks again: a probe was answered. Said as well of the first answer that a process gets,
/// since an earlier one may have ended while the endpoint was degraded.
///
/// The event's subject is the request that was the probe.
package struct EndpointRecovered: EventData {
    package static let type = EventType.endpointRecovered

    package var provider: String
    /// Since when it was left alone; whatever was said of an earlier time is over as well.
    package var degradedSince: Date
    package var recoveredAt: Date

    package init(provider: String, degradedSince: Date, recoveredAt: Date) {
        self.provider = provider
        self.degradedSince = degradedSince
        self.recoveredAt = recoveredAt
    }

    package init(_ fields: EventFields) throws(ContractError) {
        provider = try fields.string("provider")
        degradedSince = try fields.time("degradedSince")
        recoveredAt = try fields.time("recoveredAt")
    }

    package func write(to object: inout JSONObjectText) {
        object.add("provider", provider)
        object.add("degradedSince", Timestamp.string(degradedSince))
        object.add("recoveredAt", Timestamp.string(recoveredAt))
    }
}
