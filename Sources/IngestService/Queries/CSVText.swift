/// Comma-separated values (RFC 4180), safe to open in a spreadsheet.
struct CSVText {
    enum Cell {
        /// What somebody else wrote. A spreadsheet takes a cell that begins with one of `=`, `+`, `-`, `@`, tab or carriage
        /// return for a formula: it gets an apostrophe in front, and is text.
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
                let text = text ?? ""
                append(text.utf8.first.map(Self.starters.contains) == true ? "'" + text : text)
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

    private static let starters = Set("=+-@\t\r".utf8)
    private static let special = Set("\",\r\n".utf8)
}
