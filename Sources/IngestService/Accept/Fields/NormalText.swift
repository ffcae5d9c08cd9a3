import Contracts
import Foundation
import HTTPListener

/// Text as it is kept: NFC, without blanks at its ends and without what nobody sees.
enum NormalText {
    /// - Returns: empty when there is nothing to see.
    static func of(_ raw: String) -> String {
        if let plain = plain(raw) { return plain }
        let text = String(composed(visible(raw))[...].trimmingBlanks())
        return text.isBlank ? "" : text
    }

    /// The same for what is made of letters, digits and signs alone: a telephone number, a ZIP, a code. Nothing that is
    /// invisible has a meaning there, but it comes along when the text was copied from a page or a list of contacts.
    /// Full-width forms, which keyboards of East Asia write, are those of ASCII.
    static func ofCode(_ raw: String) -> String {
        if let plain = plain(raw) { return plain }
        let narrow = raw.withoutInvisible.unicodeScalars.map { scalar in
            ("\u{FF01}"..."\u{FF5E}").contains(scalar) ? Unicode.Scalar(scalar.value - 0xFEE0) ?? scalar : scalar
        }
        return of(String(String.UnicodeScalarView(narrow)))
    }

    /// The same for one line of text: tabs and line breaks, which come from forms of several lines and from
    /// spreadsheets, are blanks; or what else is to stand where the lines meet.
    /// - Parameter between: stands for line breaks; empty lines count as one.
    static func ofLine(_ raw: String, between: String = " ") -> String {
        if let plain = plain(raw) { return plain }
        guard raw.unicodeScalars.contains(where: { $0 == "\t" || isLineBreak($0) }) else { return of(raw) }
        let lines = raw.unicodeScalars.split(whereSeparator: isLineBreak).map { line in
            of(String(String.UnicodeScalarView(line.map { $0 == "\t" ? " " : $0 })))
        }
        return of(lines.filter { !$0.isEmpty }.joined(separator: between))
    }

    /// The same for text of several lines: they end in a line feed, however they ended, and tabs are blanks.
    static func ofLines(_ raw: String) -> String {
        if let plain = plain(raw) { return plain }
        let text = raw.replacing("\r\n", with: "\n").unicodeScalars.map { scalar -> Unicode.Scalar in
            scalar == "\t" ? " " : isLineBreak(scalar) ? "\n" : scalar
        }
        return of(String(String.UnicodeScalarView(text)))
    }

    /// Characters that end a line (Unicode Standard, 5.8).
    private static func isLineBreak(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x0A...0x0D, 0x85, 0x2028, 0x2029: true
        default: false
        }
    }

    /// The same, but for what nobody sees between two characters: it stays, so that it is told.
    static func exactly(_ raw: String) -> String {
        if let plain = plain(raw) { return plain }
        let isSeen = { (scalar: Unicode.Scalar) in !scalar.isInvisible && !scalar.properties.isWhitespace }
        guard let first = raw.unicodeScalars.firstIndex(where: isSeen),
            let last = raw.unicodeScalars.lastIndex(where: isSeen)
        else { return "" }
        return composed(String(raw.unicodeScalars[first...last]))
    }

    /// Whether it is ASCII without control characters, as nearly all is.
    static func isPlain(_ text: String) -> Bool { text.utf8.allSatisfy { (0x20..<0x7F).contains($0) } }

    /// The same for what is plain: in normal form but for blanks at its ends; `nil` for other text.
    private static func plain(_ raw: String) -> String? {
        guard isPlain(raw) else { return nil }
        let blank = UInt8(ascii: " ")
        guard raw.utf8.first == blank || raw.utf8.last == blank else { return raw }
        guard let first = raw.utf8.firstIndex(where: { $0 != blank }),
            let last = raw.utf8.lastIndex(where: { $0 != blank })
        else { return "" }
        return String(raw[first...last])
    }

    /// Characters that no field may hold: those of category Cc, the two separators that end a line, and those that make
    /// the text after them show in another order (Unicode Standard Annex 9, 2.1 to 2.4), so that a name reads as
    /// another. The marks and joiners that Arabic, Hebrew, Persian and Indic names need are no such characters.
    static func isForbidden(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x00...0x1F, 0x7F...0x9F, 0x2028, 0x2029, 0x202A...0x202E, 0x2066...0x2069: true
        default: false
        }
    }

    /// Drops invisible characters that stand alone, such as a zero-width space. What belongs to a visible one stays:
    /// the joiners of many scripts, the selectors that choose a form of a Han character. So do marks of direction, and
    /// what is forbidden, so that it is told.
    private static func visible(_ raw: String) -> String {
        guard raw.unicodeScalars.contains(where: \.isInvisible) else { return raw }
        return raw.filter { character in
            !character.unicodeScalars.allSatisfy { $0.isInvisible && !$0.isDirectionMark && !isForbidden($0) }
        }
    }

    /// Normal form C (Unicode Standard Annex 15). What lies before the first combining mark is in it already.
    private static func composed(_ raw: String) -> String {
        raw.unicodeScalars.allSatisfy { $0.value < 0x300 } ? raw : raw.precomposedStringWithCanonicalMapping
    }
}
