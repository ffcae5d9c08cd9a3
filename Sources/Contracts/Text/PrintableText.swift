/// Text of others' where it is shown: it must not steer a terminal, forge a line, or make what stands beside it read as
/// something else.
package enum PrintableText {
    /// A line: U+FFFD stands for every control character, the ends of lines among them, and for those that turn the
    /// direction of writing.
    package static func of(_ line: String) -> String {
        // Nearly all text is plain ASCII, which is seen at a glance.
        if line.utf8.allSatisfy({ (0x20..<0x7F).contains($0) }) { return line }
        return String(String.UnicodeScalarView(line.unicodeScalars.map { isHarmless($0) ? $0 : "\u{FFFD}" }))
    }

    /// The lines of a longer text, each printable and indented.
    package static func lines(of text: String, indent: String = "") -> [String] {
        text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).map { indent + of(String($0)) }
    }

    /// A JSON text (RFC 8259) of the same value: what would steer a terminal is written as an escape, which only stands
    /// in strings; line feeds between values stay.
    package static func inJSON(_ text: String) -> String {
        if text.utf8.allSatisfy({ (0x20..<0x7F).contains($0) || $0 == 0x0A }) { return text }
        return text.unicodeScalars.reduce(into: "") { text, scalar in
            guard scalar != "\n", !isHarmless(scalar) else { return text.unicodeScalars.append(scalar) }
            for unit in String(scalar).utf16 {
                text += "\\u" + String(unit, radix: 16, width: 4)
            }
        }
    }

    /// Whether it is no control character (categories Cc, Zl, Zp), no control of the writing direction (Unicode
    /// Standard Annex 9, section 2), and none that only annotates or tags what others see.
    private static func isHarmless(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x061C, 0x200E, 0x200F, 0x202A...0x202E, 0x2066...0x2069, 0xFFF9...0xFFFB, 0xE0000...0xE007F: return false
        default: break
        }
        return switch scalar.properties.generalCategory {
        case .control, .lineSeparator, .paragraphSeparator: false
        default: true
        }
    }
}
