import HTTPListener

/// What stands around telephone numbers where people and programs write them: schemes and parameters of URIs, labels
/// such as `Cell:` and `(h)`, quotes.
enum PhoneDecoration {
    private static let schemes = ["tel:", "sms:", "smsto:", "callto:", "phone:", "facetime:", "whatsapp:"]

    static func schemeDropped(_ written: String) -> String {
        let text = written[...].trimmingBlanks()
        let start = text.prefix(10).lowercased()
        guard let scheme = schemes.first(where: start.hasPrefix) else { return String(text) }
        let rest = text.dropFirst(scheme.count)
        return String(rest.hasPrefix("//") ? rest.dropFirst(2) : rest)
    }

    /// Applies a URI's parameters (RFC 3966): a context in which the number is dialled stands before it, unless it is a
    /// domain's name or the number is whole; what says how a call goes on is dropped. An extension stays.
    static func parametersApplied(_ written: String) -> String {
        guard written.utf8.contains(UInt8(ascii: "=")), written.utf8.count <= 256 else { return written }
        var parts = written.split(separator: ";", omittingEmptySubsequences: false)
        var number = String(parts.removeFirst())
        for part in parts {
            let pair = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            switch pair.count == 2 ? pair[0].lowercased() : "" {
            case "phone-context":
                let context = pair[1]
                if context.hasPrefix("+"), !number.contains("+") { number = context + number }
            case "isub", "postd", "isub-encoding", "tsp", "npdi", "rn", "cic": continue
            default: number += ";" + part
            }
        }
        return number
    }

    /// Without marks and labels in front of the number and behind it.
    static func dropped(from written: String) -> String {
        var text = written[...]
        while true {
            let length = text.utf8.count
            text = text.drop { isMark($0) && $0 != "(" && $0 != "[" }
            while let last = text.last, isMark(last), last != ")", last != "]" { text.removeLast() }
            dropLabelInFront(of: &text)
            dropLabelBehind(&text)
            if text.utf8.count == length { return String(text) }
        }
    }

    private static let marks = "\"'`´“”‘’„‚«»‹›<>,;*#=:|()[]" + "☎☏✆📞📱📲"

    /// Signs that are none of a number's, and symbols of telephones.
    private static func isMark(_ character: Character) -> Bool {
        character.isWhitespace || marks.contains(character)
    }

    /// Words and letters for whose number, or which kind, it is; in English and Spanish.
    private static let labels: Set = [
        "tel", "telephone", "telefono", "teléfono", "phone", "ph", "p", "t", "number", "num", "no", "nr", "número",
        "cell", "cellphone", "cellular", "cel", "celular", "c", "mobile", "mob", "m", "móvil", "movil", "home", "h",
        "casa", "work", "w", "trabajo", "office", "o", "oficina", "main", "day", "daytime", "evening", "night", "call",
        "text", "sms", "landline", "voice", "v", "contact",
    ]
    /// A label of an extension behind which there is none.
    private static let openLabels: Set = ["x", "ext", "extn", "extension"]

    private static func dropLabelInFront(of text: inout Substring) {
        var rest = text.drop { $0 == "(" || $0 == "[" }
        var words: [String] = []
        while let first = rest.first, first.isLetter, words.count < 3 {
            let word = rest.prefix(while: \.isLetter)
            guard word.utf8.count <= 16 else { return }
            words.append(word.lowercased())
            rest = rest.dropFirst(word.count).drop { " .:)]-/#".contains($0) || $0.isWhitespace }
        }
        if !words.isEmpty, words.allSatisfy(labels.contains) { text = rest }
    }

    private static func dropLabelBehind(_ text: inout Substring) {
        var rest = text
        while let last = rest.last, ").]:".contains(last) || last.isWhitespace { rest.removeLast() }
        let word = rest.suffix(16).reversed().prefix(while: \.isLetter).reversed()
        let label = String(word).lowercased()
        guard !label.isEmpty, labels.contains(label) || openLabels.contains(label) else { return }
        rest.removeLast(word.count)
        // A letter right behind a digit may be anything.
        guard rest.last?.isNumber == false else { return }
        while let last = rest.last, "([-/.,".contains(last) || last.isWhitespace { rest.removeLast() }
        text = rest
    }
}

/// Numbers that are written as words, `1-800-FLOWERS`: each letter is the digit of its key (ITU-T E.161).
enum PhoneWord {
    private static let keys = Array("22233344455566677778889999".utf8)

    /// - Returns: the ten digits, or eleven with the country's; `nil` unless the letters make a number of the North
    ///   American plan whole. Behind a digit of the exchange, or an area code that is free of charge, they may be
    ///   anything; behind another area code they are capitals, for there a word may be a place's name.
    static func digits(of written: String) -> String? {
        guard written.utf8.count <= 40 else { return nil }
        var digits = ""
        var letters = 0
        var before = 0
        var isCapital = true
        for byte in written.utf8 {
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"):
                digits.unicodeScalars.append(Unicode.Scalar(byte))
                if letters == 0 { before += 1 }
            case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"):
                let key = Int(byte | 0x20) - Int(UInt8(ascii: "a"))
                digits.unicodeScalars.append(Unicode.Scalar(keys[key]))
                letters += 1
                isCapital = isCapital && byte < UInt8(ascii: "a")
            case _ where " -.()/".utf8.contains(byte): continue
            // The country's code and no other.
            case UInt8(ascii: "+") where digits.isEmpty: continue
            default: return nil
            }
        }
        let hasCountry = digits.utf8.count == 11 && digits.hasPrefix("1")
        guard letters >= 3, hasCountry || digits.utf8.count == 10 && !written.contains("+") else { return nil }
        let national = hasCountry ? digits.dropFirst() : digits[...]
        let known = before - (hasCountry ? 1 : 0)
        let isFree = national.hasPrefix("8") && national.dropFirst().first == national.dropFirst(2).first
        guard known >= 3, isFree || isCapital || known > 3 else { return nil }
        return digits
    }
}
