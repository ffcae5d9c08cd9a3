/// A telephone number in normal form: `+12125551234`, with an extension `+12125551234;ext=5` (RFC 3966).
///
/// Numbers of the North American plan may come in any usual writing, with or without the country code. Numbers of other
/// plans must be written with `+` or the prefix 011, and are checked for their length alone (ITU-T E.164, 6.2.1): who needs
/// help may carry a telephone from elsewhere. Whether an exchange of the plan is in service is not checked: such lists
/// change, and refusing a person's real number is worse than keeping one that does not ring.
struct PhoneNumber: Sendable, Equatable {
    let text: String

    /// `nil` when the text is no number.
    init?(_ written: String) {
        var reader = Reader(written)
        guard reader.read(), let number = Self.e164(reader.digits, isInternational: reader.hasPlus) else { return nil }
        text = reader.`extension`.isEmpty ? number : "\(number);ext=\(reader.`extension`)"
    }

    private static func e164(_ digits: String, isInternational: Bool) -> String? {
        // From the United States one dials 011 before a country code.
        if !isInternational, digits.hasPrefix("011") {
            return e164(String(digits.dropFirst(3)), isInternational: true)
        }
        if isInternational, !digits.hasPrefix("1") {
            guard (7...15).contains(digits.utf8.count), digits.first != "0" else { return nil }
            return "+\(digits)"
        }
        let national = digits.utf8.count == 11 && digits.first == "1" ? digits.dropFirst() : digits[...]
        guard isInternational ? digits.utf8.count == 11 : true, isNorthAmerican(Array(national.utf8)) else {
            return nil
        }
        return "+1\(national)"
    }

    /// Three digits of the area code, three of the exchange, four of the line. Area code and exchange begin with 2 to 9, and
    /// neither is a service code such as 911; area codes with a 9 in the middle are kept for longer numbers.
    private static func isNorthAmerican(_ digits: [UInt8]) -> Bool {
        guard digits.count == 10 else { return false }
        let one = UInt8(ascii: "1")
        let two = UInt8(ascii: "2")
        return digits[0] >= two && digits[3] >= two && digits[1] != UInt8(ascii: "9")
            && !(digits[1] == one && digits[2] == one) && !(digits[4] == one && digits[5] == one)
    }

    /// Takes a written number apart.
    private struct Reader {
        private var rest: Substring.UnicodeScalarView
        private(set) var digits = ""
        private(set) var hasPlus = false
        private(set) var `extension` = ""

        init(_ written: String) {
            let text = written[...].trimmingBlanks()
            let scheme = "tel:"
            rest = (text.prefix(4).lowercased() == scheme ? text.dropFirst(4) : text).unicodeScalars
        }

        /// - Returns: whether every character has its place.
        mutating func read() -> Bool {
            while let scalar = rest.popFirst() {
                if let digit = Self.digit(scalar) {
                    digits.append(digit)
                } else if scalar == "+" || scalar == "\u{FF0B}" {
                    guard digits.isEmpty, !hasPlus else { return false }
                    hasPlus = true
                } else if !Self.isSeparator(scalar) {
                    return readExtension(from: scalar)
                }
            }
            return true
        }

        /// `x5`, `ext. 5`, `extension 5`, `#5`, `;ext=5`, to the end.
        private mutating func readExtension(from first: Unicode.Scalar) -> Bool {
            var word = String(first).lowercased()
            while let scalar = rest.first, Self.digit(scalar) == nil {
                word.unicodeScalars.append(scalar)
                rest.removeFirst()
                guard word.utf8.count <= 16 else { return false }
            }
            let name = word.lowercased().filter { !" .:\u{A0}".contains($0) }
            guard ["x", "ext", "extn", "extension", "#", ";ext="].contains(name) else { return false }
            while let scalar = rest.popFirst() {
                guard let digit = Self.digit(scalar), `extension`.utf8.count < 15 else { return false }
                `extension`.append(digit)
            }
            return !`extension`.isEmpty
        }

        /// ASCII for a decimal digit of any script.
        private static func digit(_ scalar: Unicode.Scalar) -> Character? {
            if ("0"..."9").contains(scalar) { return Character(scalar) }
            guard !scalar.isASCII, scalar.properties.numericType == .decimal, let value = scalar.properties.numericValue
            else { return nil }
            return Character(Unicode.Scalar(UInt8(ascii: "0") + UInt8(value)))
        }

        private static func isSeparator(_ scalar: Unicode.Scalar) -> Bool {
            switch scalar {
            case " ", "-", ".", "(", ")", "/", "~", "\u{A0}", "\u{202F}", "\u{2010}"..."\u{2015}", "\u{2212}": true
            default: false
            }
        }
    }
}
