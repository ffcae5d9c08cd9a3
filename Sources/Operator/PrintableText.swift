/// Text of others' that must not steer a terminal.
enum PrintableText {
    /// A line with every control character replaced, and those that turn the direction of writing.
    static func of(_ line: String) -> String {
        String(String.UnicodeScalarView(line.unicodeScalars.map { isHarmless($0) ? $0 : "\u{FFFD}" }))
    }

    /// The lines of a longer text, each printable and indented.
    static func lines(of text: String, indent: String) -> [String] {
        text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).map { indent + of(String($0)) }
    }

    private static func isHarmless(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x202A...0x202E, 0x2066...0x2069: false
        default: scalar.properties.generalCategory != .control
        }
    }
}
