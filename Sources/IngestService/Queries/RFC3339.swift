import Contracts

import struct Foundation.Date

/// Times as clients write them (RFC 3339), with any offset; the wire's own are in UTC, see `Timestamp`.
enum RFC3339 {
    /// - Returns: `nil` for anything else.
    static func date(_ text: String) -> Date? {
        if let date = Timestamp.date(text) { return date }
        let bytes = Array(text.utf8)
        guard bytes.count > 6, text.utf8.allSatisfy({ $0 < 0x80 }) else { return nil }
        let sign = bytes[bytes.count - 6]
        guard sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-"), bytes[bytes.count - 3] == UInt8(ascii: ":"),
            let hours = UInt8(text.suffix(5).prefix(2)), hours < 24, let minutes = UInt8(text.suffix(2)), minutes < 60,
            let local = Timestamp.date(text.dropLast(6) + "Z")
        else { return nil }
        let offset = Double(hours) * 3600 + Double(minutes) * 60
        return local.addingTimeInterval(sign == UInt8(ascii: "+") ? -offset : offset)
    }
}
