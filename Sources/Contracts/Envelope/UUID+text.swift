package import struct Foundation.UUID

/// The canonical form of RFC 9562, section 4, in lower case. Written by hand: Foundation goes through `sscanf` and `snprintf`,
/// and every message carries several ids.
extension UUID {
    /// Reads 36 characters, in either case; `nil` for anything else.
    package init?(canonical text: String) {
        var text = text
        let halves: (UInt64, UInt64)? = text.withUTF8 { bytes in
            guard bytes.count == 36 else { return nil }
            var digits = 0
            var halves: (high: UInt64, low: UInt64) = (0, 0)
            for (index, byte) in bytes.enumerated() {
                if index == 8 || index == 13 || index == 18 || index == 23 {
                    guard byte == 0x2D else { return nil }
                    continue
                }
                let digit: UInt8
                switch byte {
                case 0x30...0x39: digit = byte - 0x30
                case 0x41...0x46: digit = byte - 0x41 + 10
                case 0x61...0x66: digit = byte - 0x61 + 10
                default: return nil
                }
                if digits < 16 {
                    halves.high = halves.high << 4 | UInt64(digit)
                } else {
                    halves.low = halves.low << 4 | UInt64(digit)
                }
                digits += 1
            }
            return halves
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
                    buffer[count] = Self.digit(byte >> 4)
                    buffer[count + 1] = Self.digit(byte & 15)
                    count += 2
                }
                return count
            }
        }
    }

    private static func digit(_ value: UInt8) -> UInt8 { value < 10 ? 0x30 + value : 0x61 + value - 10 }
}
