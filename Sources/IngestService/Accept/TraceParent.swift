/// The W3C Trace Context header `traceparent` (version 00: https://www.w3.org/TR/trace-context/).
enum TraceParent {
    /// The header's value when it is well-formed, else a new trace that nobody samples.
    static func from(_ header: String?) -> String {
        if let header, isWellFormed(header) { return header }
        return "00-\(hex(UInt64.random(in: 1 ... .max)))\(hex(.random(in: 0 ... .max)))-"
            + "\(hex(.random(in: 1 ... .max)))-00"
    }

    /// `00-<32 digits>-<16 digits>-<2 digits>`, lower-case hexadecimal; neither id may be all zeros. A later version
    /// may have more behind a further `-`.
    static func isWellFormed(_ value: String) -> Bool {
        let bytes = Array(value.utf8)
        let dash = UInt8(ascii: "-")
        guard bytes.count >= 55, bytes.count <= 256, bytes[2] == dash, bytes[35] == dash, bytes[52] == dash,
            bytes[0..<2].allSatisfy(isDigit), bytes[3..<35].allSatisfy(isDigit), bytes[36..<52].allSatisfy(isDigit),
            bytes[53..<55].allSatisfy(isDigit)
        else { return false }
        let zero = UInt8(ascii: "0")
        guard bytes[3..<35].contains(where: { $0 != zero }), bytes[36..<52].contains(where: { $0 != zero }) else {
            return false
        }
        if bytes[0] == zero, bytes[1] == zero { return bytes.count == 55 }
        // Version ff is forbidden.
        guard bytes[0] != UInt8(ascii: "f") || bytes[1] != UInt8(ascii: "f") else { return false }
        return bytes.count == 55
            || (bytes[55] == dash && bytes.allSatisfy { (0x21...0x7E).contains($0) })
    }

    private static func isDigit(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(byte)
    }

    /// 16 digits.
    private static func hex(_ value: UInt64) -> String {
        let digits = String(value, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }
}
