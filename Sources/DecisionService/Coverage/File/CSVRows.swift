/// The rows of a CSV text (RFC 4180): fields between commas, quoted where they hold commas, line ends or quotation marks.
/// Spaces around a field are dropped, empty lines are passed over, and a byte order mark is ignored.
struct CSVRows {
    struct Row {
        var fields: [String]
        /// On which it begins, from 1.
        var line: Int
    }

    private let bytes: ArraySlice<UInt8>
    private var position: Int
    private var line = 1
    /// The line of a quotation mark that is never closed.
    private(set) var openQuote: Int?

    /// - Parameter bytes: UTF-8.
    init(_ bytes: [UInt8]) {
        self.bytes = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? bytes[3...] : bytes[...]
        position = self.bytes.startIndex
    }

    mutating func next() -> Row? {
        while position < bytes.endIndex {
            let row = row()
            if row.fields != [""] { return row }
        }
        return nil
    }

    private mutating func row() -> Row {
        var row = Row(fields: [], line: line)
        while true {
            row.fields.append(field())
            guard position < bytes.endIndex else { return row }
            let end = bytes[position]
            position += 1
            if end == UInt8(ascii: ",") { continue }
            line += 1
            if end == UInt8(ascii: "\r"), position < bytes.endIndex, bytes[position] == UInt8(ascii: "\n") {
                position += 1
            }
            return row
        }
    }

    /// Up to the comma or the line's end, which it leaves.
    private mutating func field() -> String {
        // Most fields have no quotation mark, and are taken as they stand.
        let end = bytes[position...].firstIndex { $0 == 0x2C || $0 == 0x0A || $0 == 0x0D || $0 == 0x22 }
        if end.map({ bytes[$0] != 0x22 }) ?? true {
            defer { position = end ?? bytes.endIndex }
            return Self.trimmed(String(decoding: bytes[position..<(end ?? bytes.endIndex)], as: UTF8.self))
        }
        return quotedField()
    }

    private mutating func quotedField() -> String {
        var text: [UInt8] = []
        var quote: Int?
        while position < bytes.endIndex {
            let byte = bytes[position]
            if byte == UInt8(ascii: "\"") {
                // A doubled mark between marks is one mark: it closes and opens at once.
                if quote == nil, position > bytes.startIndex, bytes[position - 1] == byte {
                    text.append(byte)
                }
                quote = quote == nil ? line : nil
            } else if quote == nil, byte == UInt8(ascii: ",") || byte == 0x0A || byte == 0x0D {
                break
            } else {
                if byte == 0x0A { line += 1 }
                text.append(byte)
            }
            position += 1
        }
        openQuote = openQuote ?? quote
        return Self.trimmed(String(decoding: text, as: UTF8.self))
    }

    private static func trimmed(_ text: String) -> String {
        // Looked at as bytes first: white space is rare, and asking for a character's kind is slow.
        let ends = [text.utf8.first, text.utf8.last]
        guard ends.contains(where: { $0.map { $0 <= 0x20 || $0 > 0x7F } == true }) else { return text }
        return String(text.drop { $0.isWhitespace }.reversed().drop { $0.isWhitespace }.reversed())
    }
}
