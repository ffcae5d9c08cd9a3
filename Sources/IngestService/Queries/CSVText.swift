import Contracts

/// Comma-separated values (RFC 4180), safe to open in a spreadsheet.
struct CSVText {
    enum Cell {
        /// What somebody else wrote. A spreadsheet takes a cell that begins with one of `=`, `+`, `-`, `@`, their
        /// other forms (full-width, small, the sign for minus), a tab or the end of a line for a formula: it gets an
        /// apostrophe in front, and is text.
        /// Where semicolons separate cells, none may begin another one. What would steer a terminal is replaced.
        case text(String?)
        /// A number, a time or a word of our own: as it is.
        case own(String?)
    }

    private(set) var bytes: [UInt8] = []

    mutating func row(_ cells: [Cell]) {
        for (index, cell) in cells.enumerated() {
            if index > 0 { bytes.append(UInt8(ascii: ",")) }
            switch cell {
            case .own(let text): append(text ?? "")
            case .text(let text):
                let text = Self.printable(text ?? "")
                append(text.unicodeScalars.first.map(Self.starters.contains) == true ? "'" + text : text)
            }
        }
        bytes += "\r\n".utf8
    }

    private mutating func append(_ text: String) {
        guard text.utf8.contains(where: Self.special.contains) else {
            bytes += text.utf8
            return
        }
        bytes.append(UInt8(ascii: "\""))
        for byte in text.utf8 {
            if byte == UInt8(ascii: "\"") { bytes.append(byte) }
            bytes.append(byte)
        }
        bytes.append(UInt8(ascii: "\""))
    }

    /// Ends of lines and tabs stay, which a cell may hold.
    private static func printable(_ text: String) -> String {
        let kept = Set<Character>(["\n", "\r", "\r\n", "\t"])
        if text.utf8.allSatisfy({ (0x20..<0x7F).contains($0) }) { return text }
        return text.reduce(into: "") { $0 += kept.contains($1) ? String($1) : PrintableText.of(String($1)) }
    }

    private static let starters = Set(
        "=+-@\t\r\n\u{FF1D}\u{FF0B}\u{FF0D}\u{FF20}\u{FE66}\u{FE62}\u{FE63}\u{2212}\u{FE6B}".unicodeScalars)
    private static let special = Set("\",;\r\n".utf8)
}
