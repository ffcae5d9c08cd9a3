package import struct Foundation.UUID

/// The canonical form of RFC 9562, section 4, in lower case. Written by hand: Foundation goes through `sscanf` and
/// `snprintf`, and every message carries several ids.
extension UUID {
    /// Reads 36 characters, in either case; `nil` for anything else.
    package init?(canonical text: String) {
        var text = text
        let halves: (UInt64, UInt64)? = text.withUTF8 { bytes in
            let hyphen = UInt8(ascii: "-")
            guard bytes.count == 36, bytes[8] == hyphen, bytes[13] == hyphen, bytes[18] == hyphen, bytes[23] == hyphen,
                let timeLow = HexDigit.number(bytes[0..<8]), let timeMiddle = HexDigit.number(bytes[9..<13]),
                let timeHigh = HexDigit.number(bytes[14..<18]), let clock = HexDigit.number(bytes[19..<23]),
                let node = HexDigit.number(bytes[24..<36])
            else { return nil }
            return (timeLow << 32 | timeMiddle << 16 | timeHigh, clock << 48 | node)
        }
        guard let (high, low) = halves else { return nil }
        self.init(high: high, low: low)
    }

    /// Lower case, 36 characters.
    package var canonical: String {
        withUnsafeBytes(of: uuid) { bytes in
            String(unsafeUninitializedCapacity: 36) { buffer in
                var count = 0
                for (index, byte) in bytes.enumerated() {
                    if index == 4 || index == 6 || index == 8 || index == 10 {
                        buffer[count] = 0x2D
                        count += 1
                    }
                    buffer[count] = HexDigit.character(byte >> 4)
                    buffer[count + 1] = HexDigit.character(byte & 15)
                    count += 2
                }
                return count
            }
        }
    }
}
