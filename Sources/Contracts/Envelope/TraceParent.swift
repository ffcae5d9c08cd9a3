/// A place in a trace, as the W3C Trace Context header `traceparent` says it (version 00:
/// https://www.w3.org/TR/trace-context/).
package struct TraceParent: Sendable, Equatable {
    /// 128 bits, never all zero.
    package struct TraceID: Sendable, Hashable {
        package var high: UInt64
        package var low: UInt64

        package init(high: UInt64, low: UInt64) {
            self.high = high
            self.low = low
        }

        package static func random() -> TraceID {
            TraceID(high: .random(in: 1 ... .max), low: .random(in: 0 ... .max))
        }

        /// 32 digits.
        package var hex: String { TraceParent.hex(high) + TraceParent.hex(low) }
    }

    package var traceID: TraceID
    /// Never zero.
    package var spanID: UInt64
    /// Whether those who come behind are to record what they do.
    package var isSampled: Bool

    package init(traceID: TraceID, spanID: UInt64, isSampled: Bool) {
        self.traceID = traceID
        self.spanID = spanID
        self.isSampled = isSampled
    }

    /// - Returns: `nil` for what is not well-formed.
    package init?(_ header: String) {
        guard Self.isWellFormed(header) else { return nil }
        let digits = Array(header.utf8)
        func number(_ range: Range<Int>) -> UInt64 { digits[range].reduce(0) { $0 << 4 | Self.value($1) } }
        self.init(
            traceID: TraceID(high: number(3..<19), low: number(19..<35)), spanID: number(36..<52),
            isSampled: number(53..<55) & 1 == 1)
    }

    /// A new trace.
    package static func new(isSampled: Bool) -> TraceParent {
        TraceParent(traceID: .random(), spanID: .random(in: 1 ... .max), isSampled: isSampled)
    }

    /// The header's value.
    package var header: String { "00-\(traceID.hex)-\(Self.hex(spanID))-\(isSampled ? "01" : "00")" }

    /// The header's value when it is well-formed, else a new trace that nobody samples.
    package static func from(_ header: String?) -> String {
        if let header, isWellFormed(header) { return header }
        return new(isSampled: false).header
    }

    /// `00-<32 digits>-<16 digits>-<2 digits>`, lower-case hexadecimal; neither id may be all zeros. A later version
    /// may have more behind a further `-`.
    package static func isWellFormed(_ value: String) -> Bool {
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

    /// - Parameter digit: one of 0-9 and a-f.
    private static func value(_ digit: UInt8) -> UInt64 {
        UInt64(digit <= UInt8(ascii: "9") ? digit - UInt8(ascii: "0") : digit - UInt8(ascii: "a") + 10)
    }

    /// 16 digits.
    package static func hex(_ value: UInt64) -> String {
        String(unsafeUninitializedCapacity: 16) { buffer in
            for place in 0..<16 { buffer[place] = HexDigit.character(UInt8(value >> (60 - 4 * UInt64(place)) & 15)) }
            return 16
        }
    }
}
