package import struct Foundation.Date

/// Times as clients write them (RFC 3339), with any offset; the wire's own are in UTC, see `Timestamp`.
package enum RFC3339 {
    /// - Returns: `nil` for anything else.
    package static func date(_ text: String) -> Date? {
        if let date = Timestamp.date(text) { return date }
        let bytes = Array(text.utf8)
        guard bytes.count > 6, text.utf8.allSatisfy({ $0 < 0x80 }) else { return nil }
        let sign = bytes[bytes.count - 6]
        guard sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-"), bytes[bytes.count - 3] == UInt8(ascii: ":"),
            let hours = Int(foreign: text.suffix(5).prefix(2), in: 0...23),
            let minutes = Int(foreign: text.suffix(2), in: 0...59),
            let local = Timestamp.date(text.dropLast(6) + "Z")
        else { return nil }
        let offset = Duration.seconds(hours * 3600 + minutes * 60)
        return local.shifted(by: sign == UInt8(ascii: "+") ? .zero - offset : offset)
    }
}
