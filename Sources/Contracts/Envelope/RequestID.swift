package import struct Foundation.Date
package import struct Foundation.UUID

/// The id of a request and of its job: a UUIDv7 (RFC 9562, section 5.7), so that ids sort by the time of acceptance.
package struct RequestID: Sendable, Hashable, CustomStringConvertible, LosslessStringConvertible, Codable {
    package let uuid: UUID

    package init(_ uuid: UUID) { self.uuid = uuid }

    /// Reads the canonical form of RFC 9562, section 4, in either case; `nil` for anything else.
    package init?(_ description: String) {
        guard let uuid = UUID(canonical: description) else { return nil }
        self.uuid = uuid
    }

    /// Makes a new id.
    /// - Parameters:
    ///   - now: the time of acceptance; its milliseconds since 1970 become the first 48 bits.
    ///   - generator: 74 random bits come from here.
    package init(at now: Date, using generator: inout some RandomNumberGenerator) {
        let milliseconds = UInt64(clamping: now.timeIntervalSince1970 * 1000)
        let high = (milliseconds << 16) | 0x7000 | (generator.next() & 0x0FFF)
        let low = (generator.next() & 0x3FFF_FFFF_FFFF_FFFF) | 0x8000_0000_0000_0000
        uuid = UUID(high: high, low: low)
    }

    /// Lower case, 36 characters.
    package var description: String { uuid.canonical }

    package init(from decoder: any Decoder) throws {
        uuid = try decoder.singleValueContainer().decode(UUID.self)
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}

extension UUID {
    /// The 128 bits in network byte order.
    init(high: UInt64, low: UInt64) {
        func byte(_ value: UInt64, _ index: UInt64) -> UInt8 { UInt8(truncatingIfNeeded: value >> (56 - 8 * index)) }
        self.init(
            uuid: (
                byte(high, 0), byte(high, 1), byte(high, 2), byte(high, 3), byte(high, 4), byte(high, 5), byte(high, 6),
                byte(high, 7), byte(low, 0), byte(low, 1), byte(low, 2), byte(low, 3), byte(low, 4), byte(low, 5),
                byte(low, 6), byte(low, 7)
            ))
    }
}
