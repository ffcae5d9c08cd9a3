/// Text as XML has it.
enum SVGText {
    /// For content and for attributes in quotes. What XML 1.0 has no characters for is left out (section 2.2).
    static func escaped(_ text: String) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&quot;"
            case "'": result += "&#39;"
            case "\t", "\n", "\r": result += " "
            case "\u{0}"..."\u{1F}", "\u{FFFE}", "\u{FFFF}": continue
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }

    /// In tenths, as short as it can be.
    static func number(_ value: Double) -> String { tenths(Int((value * 10).rounded())) }

    static func tenths(_ value: Int) -> String {
        let (whole, rest) = (abs(value) / 10, abs(value) % 10)
        let sign = value < 0 ? "-" : ""
        if rest == 0 { return value == 0 ? "0" : "\(sign)\(whole)" }
        return "\(sign)\(whole == 0 ? "" : "\(whole)").\(rest)"
    }
}
