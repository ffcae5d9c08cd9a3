import Contracts
import HTTPListener

/// A telephone number in normal form: `+12125551234`, with an extension `+12125551234;ext=5` (RFC 3966).
///
/// Numbers of the North American plan may come in any usual writing, with or without the country code. Numbers of other
/// plans must be written with `+` or the prefix 011, and are checked for their length alone (ITU-T E.164, 6.2.1): who
/// needs help may carry a telephone from elsewhere. Whether an exchange of the plan is in service is not checked: such
/// lists change, and refusing a person's real number is worse than keeping one that does not ring.
///
/// `deploy/compare-phones` compares it with Google's libphonenumber.
struct PhoneNumber: Sendable, Equatable {
    let text: String

    /// `nil` when the text is no number.
    init?(_ written: String) {
        let bare = PhoneDecoration.parametersApplied(PhoneDecoration.schemeDropped(written.withoutInvisible))
        // What stands around a number is dropped only where it is in the way: a `#` at the end may be an extension's.
        guard let text = Self.read(bare) ?? Self.read(PhoneDecoration.dropped(from: bare)) else { return nil }
        self.text = text
    }

    private static func read(_ written: String) -> String? {
        var reader = PhoneReader(written)
        if reader.read(), let number = e164(reader.digits, isInternational: reader.hasPlus) {
            return reader.`extension`.isEmpty ? number : "\(number);ext=\(reader.`extension`)"
        }
        return PhoneWord.digits(of: written).flatMap { e164($0, isInternational: false) }
    }

    private static func e164(_ digits: String, isInternational: Bool) -> String? {
        // From the United States one dials 011 before a country code.
        if !isInternational, digits.hasPrefix("011") {
            return e164(String(digits.dropFirst(3)), isInternational: true)
        }
        if isInternational, !digits.hasPrefix("1") {
            let number = withoutTrunkPrefix(digits)
            guard (7...15).contains(number.utf8.count), number.first != "0" else { return nil }
            return "+\(number)"
        }
        // No area code begins with a 1: a second one is the prefix of a long-distance call.
        let digits = digits.utf8.count == 12 && digits.hasPrefix("11") ? digits.dropFirst() : digits[...]
        let national = digits.utf8.count == 11 && digits.first == "1" ? digits.dropFirst() : digits
        guard isInternational ? digits.utf8.count == 11 : true, isNorthAmerican(Array(national.utf8)) else {
            return nil
        }
        return "+1\(national)"
    }

    /// Three digits of the area code, three of the exchange, four of the line. Area code and exchange begin with 2 to
    /// 9, and neither is a service code such as 911; area codes with a 9 in the middle are kept for longer numbers.
    /// Codes that belong to no area have exchanges such as 411: nobody dials them without the code.
    private static func isNorthAmerican(_ digits: [UInt8]) -> Bool {
        guard digits.count == 10 else { return false }
        let one = UInt8(ascii: "1")
        let two = UInt8(ascii: "2")
        return digits[0] >= two && digits[3] >= two && digits[1] != UInt8(ascii: "9")
            && !(digits[1] == one && digits[2] == one)
            && (!(digits[4] == one && digits[5] == one) || isNonGeographic(digits[0], digits[1], digits[2]))
    }

    /// Toll-free numbers (800, 822, 833 to 888), personal ones (500, 522 to 588), 700 and 900.
    private static func isNonGeographic(_ first: UInt8, _ second: UInt8, _ third: UInt8) -> Bool {
        guard second == third else { return false }
        let isPersonalOrTollFree = first == UInt8(ascii: "5") || first == UInt8(ascii: "8")
        if second == UInt8(ascii: "0") {
            return isPersonalOrTollFree || first == UInt8(ascii: "7") || first == UInt8(ascii: "9")
        }
        return isPersonalOrTollFree && second >= UInt8(ascii: "2")
    }

    /// In many countries a 0 is dialled before an area code, and not from abroad: `+44 (0)20 7946 0958`; who writes it
    /// twice means no other number. The shortest numbers have none to spare.
    private static func withoutTrunkPrefix(_ digits: String) -> String {
        let length = countryCodeLength(digits)
        guard let code = Int(foreign: digits.prefix(length), in: 0...999), !plansThatKeepTheZero.contains(code) else {
            return digits
        }
        let national = digits.dropFirst(length)
        if code == 54, let number = argentineMobile(national.drop { $0 == "0" }) { return "54" + number }
        for plan in otherTrunkPrefixes where plan.country == code && national.hasPrefix(plan.prefix) {
            let rest = national.dropFirst(plan.prefix.utf8.count)
            if plan.lengths.contains(rest.utf8.count), plan.begins.contains(rest.first ?? " ") {
                return String(digits.prefix(length) + rest)
            }
        }
        let spare = max(0, digits.utf8.count - 7)
        return String(digits.prefix(length) + national.dropFirst(national.prefix(spare).prefix { $0 == "0" }.count))
    }

    /// In Argentina mobiles are dialled with a 15 behind the area code, and from abroad with a 9 before it. Numbers
    /// have ten digits without either; `nil` for another number, and where the area code may end in two places.
    private static func argentineMobile(_ national: Substring) -> String? {
        guard national.utf8.count == 12 else { return nil }
        let lengths = national.hasPrefix("11") ? 2...2 : 3...4
        guard let first = national.first, "123".contains(first) else { return nil }
        let found = lengths.filter { national.dropFirst($0).hasPrefix("15") }
        guard found.count == 1, let length = found.first else { return nil }
        return "9" + national.prefix(length) + national.dropFirst(length + 2)
    }

    /// What is dialled before an area code where that is no 0, how many digits follow, and with which they begin; from
    /// libphonenumber's metadata. No number of these plans has the prefix and as many digits for its own.
    private static let otherTrunkPrefixes: [(country: Int, prefix: String, lengths: ClosedRange<Int>, begins: String)] =
        [
            (7, "8", 10...10, "345789"), (36, "06", 8...9, "123456789"), (370, "8", 8...8, "345679"),
            (375, "80", 9...9, "1234"), (375, "8", 9...9, "1234"), (375, "8", 10...10, "89"), (692, "1", 7...7, "2346"),
            (993, "8", 8...8, "1234567"),
        ]

    /// Country codes whose numbers may begin with a 0 that belongs to them, as Italy's do; from libphonenumber's
    /// metadata.
    private static let plansThatKeepTheZero: Set = [
        39, 47, 225, 226, 227, 229, 241, 242, 247, 267, 268, 378, 501, 676, 679, 687, 800, 853, 881, 888, 974, 992,
    ]

    /// How many digits the country code has that the number begins with (ITU-T E.164, annex D).
    private static func countryCodeLength(_ digits: String) -> Int {
        switch Int(foreign: digits.prefix(2), in: 0...99) ?? 0 {
        case 10..<20, 70..<80: 1
        case 20, 27, 30...34, 36, 39, 40, 41, 43...49, 51...58, 60...66, 81, 82, 84, 86, 90...95, 98: 2
        default: 3
        }
    }
}

/// Takes a written number apart into its digits and its extension.
private struct PhoneReader {
    private var rest: Substring.UnicodeScalarView
    private(set) var digits = ""
    private(set) var hasPlus = false
    private(set) var `extension` = ""
    /// Where in `digits` the last group begins: what stands behind the last blank or hyphen.
    private var lastGroup = 0

    init(_ written: String) {
        rest = written[...].trimmingBlanks().unicodeScalars
    }

    /// - Returns: whether every character has its place.
    mutating func read() -> Bool {
        while let scalar = rest.popFirst() {
            if let digit = Self.digit(scalar) {
                digits.append(digit)
            } else if scalar == "+" || scalar == "\u{FF0B}" {
                guard digits.isEmpty, !hasPlus else { return false }
                hasPlus = true
            } else if !isSeparator(scalar) {
                return readExtension(from: scalar)
            } else if scalar != "(" && scalar != ")" {
                lastGroup = digits.utf8.count
            }
        }
        return true
    }

    /// `x5`, `ext. 5`, `, extension: 5`, `#5`, `;ext=5`, `,,5`, `(ext 5)`, or `503#` as the last group; to the end.
    private mutating func readExtension(from first: Unicode.Scalar) -> Bool {
        var label = String(first)
        while let scalar = rest.first, Self.digit(scalar) == nil {
            label.unicodeScalars.append(scalar)
            rest.removeFirst()
            guard label.utf8.count <= 32 else { return false }
        }
        let word = Self.word(label)
        if rest.isEmpty { return word.isEmpty && label.contains("#") && takeLastGroup() }
        guard let limit = Self.labels[word], isMark(label) || !word.isEmpty else { return false }
        while let scalar = rest.first, let digit = Self.digit(scalar) {
            `extension`.append(digit)
            rest.removeFirst()
        }
        let isEnd = rest.allSatisfy { ")]#.".unicodeScalars.contains($0) || $0.properties.isWhitespace }
        return isEnd && `extension`.utf8.count <= limit
    }

    /// `713-555-0101 503#`, as some write it in America.
    private mutating func takeLastGroup() -> Bool {
        let last = digits.dropFirst(lastGroup)
        guard lastGroup > 0, (1...6).contains(last.utf8.count) else { return false }
        `extension` = String(last)
        digits = String(digits.prefix(lastGroup))
        return true
    }

    /// Words for an extension, without what stands around them, and how many digits may follow: fewer where it might be
    /// a second number. The empty word is a mark alone.
    private static let labels: [String: Int] = {
        var labels = ["": 9, "x": 15, "int": 9]
        let words = [
            "ext", "extn", "exten", "extension", "extensio", "extensión", "ex", "xt", "xtn", "local", "loc", "interno",
            "anexo", "ramal", "poste", "доб",
        ]
        for word in words {
            for suffix in ["", "no", "num", "number"] { labels[word + suffix] = 15 }
        }
        return labels
    }()

    /// Marks that say by themselves that an extension follows.
    private func isMark(_ label: String) -> Bool { label.contains { "#\u{FF03},;~\u{FF5E}".contains($0) } }

    /// The letters of a label, lower-case; its width does not matter.
    private static func word(_ label: String) -> String {
        var word = ""
        for scalar in label.unicodeScalars {
            // Full-width forms lie this far above those of ASCII.
            let plain = ("\u{FF01}"..."\u{FF5E}").contains(scalar) ? Unicode.Scalar(scalar.value - 0xFEE0) : scalar
            guard let plain else { continue }
            if " .:,;=#~-()[]".unicodeScalars.contains(plain) || plain.properties.isWhitespace { continue }
            word.unicodeScalars.append(plain)
        }
        return word.lowercased()
    }

    /// ASCII for a decimal digit of any script.
    private static func digit(_ scalar: Unicode.Scalar) -> Character? {
        if ("0"..."9").contains(scalar) { return Character(scalar) }
        guard !scalar.isASCII, scalar.properties.numericType == .decimal, let value = scalar.properties.numericValue
        else { return nil }
        return Character(Unicode.Scalar(UInt8(ascii: "0") + UInt8(value)))
    }

    /// What libphonenumber allows between digits, and the dots that designers set. A tilde behind a whole number is the
    /// mark of an extension.
    private func isSeparator(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "~", "\u{FF5E}": digits.utf8.count < (hasPlus ? 8 : 10)
        case "-", ".", "(", ")", "/", "[", "]", "\u{2010}"..."\u{2015}", "\u{2212}", "\u{30FC}",
            "\u{FF0D}"..."\u{FF0F}",
            "\u{FF08}", "\u{FF09}", "\u{FF3B}", "\u{FF3D}", "\u{2053}", "\u{223C}", "\u{B7}", "\u{2022}", "\u{2219}":
            true
        default: scalar.properties.isWhitespace
        }
    }
}
