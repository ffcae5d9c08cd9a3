import Contracts

/// The five digits of a ZIP.
package struct ZIPCode: Sendable, Hashable {
    /// What the five digits make.
    package let number: UInt32

    /// Reads `12345`, `12345-6789` and `123456789`, with white space around it; `nil` for anything else.
    package init?(_ text: String) {
        let digits = Self.trimmed(text)
        let bytes = digits.utf8
        guard bytes.count == 5 || bytes.count == 9 || bytes.count == 10 else { return nil }
        var number: UInt32 = 0
        for (position, byte) in bytes.enumerated() {
            if bytes.count == 10, position == 5 {
                guard byte == UInt8(ascii: "-") else { return nil }
                continue
            }
            guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) else { return nil }
            if position < 5 { number = number * 10 + UInt32(byte - UInt8(ascii: "0")) }
        }
        self.number = number
    }

    /// The first three digits: the sorting centre that the mail goes through.
    package var prefix: UInt32 { number / 100 }

    /// Five digits.
    package var text: String { String(number, width: 5) }

    private static func trimmed(_ text: String) -> Substring {
        var rest = text[...]
        while rest.first?.isWhitespace == true { rest.removeFirst() }
        while rest.last?.isWhitespace == true { rest.removeLast() }
        return rest
    }
}
