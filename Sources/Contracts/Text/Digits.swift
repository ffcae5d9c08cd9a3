/// Hexadecimal digits in ASCII.
package enum HexDigit {
    /// 0 to 15; `nil` when the byte is no digit. Takes either case.
    package static func value(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
        default: nil
        }
    }

    /// The number that up to 16 digits write; `nil` when one of them is none.
    static func number(_ digits: Slice<UnsafeBufferPointer<UInt8>>) -> UInt64? {
        var number: UInt64 = 0
        for byte in digits {
            guard let digit = value(byte) else { return nil }
            number = number << 4 | UInt64(digit)
        }
        return number
    }

    /// The lower-case digit of 0 to 15.
    package static func character(_ value: UInt8) -> UInt8 {
        value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "a") + value - 10
    }

    /// Two lower-case digits a byte.
    package static func text(_ bytes: some Sequence<UInt8>) -> String {
        String(decoding: bytes.flatMap { [character($0 >> 4), character($0 & 0xF)] }, as: UTF8.self)
    }
}

extension String {
    /// A number with zeros before it where it has fewer digits than `width`.
    package init(_ number: some BinaryInteger, radix: Int = 10, width: Int) {
        self = String(number, radix: radix).zeroPadded(to: width)
    }

    /// Digits with zeros before them where there are fewer than `width`.
    package func zeroPadded(to width: Int) -> String {
        String(repeating: "0", count: Swift.max(0, width - utf8.count)) + self
    }
}
