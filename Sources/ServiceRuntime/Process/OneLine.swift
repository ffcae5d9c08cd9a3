import Contracts

/// Texts of others' in a log or an error of ours.
package enum OneLine {
    /// The text with a space for each end of a line and each other control character: an event is one line, whatever it
    /// quotes. What would turn the direction of writing is replaced, too.
    package static func of(_ text: String) -> String {
        let line = text.split {
            $0.isNewline || $0.unicodeScalars.contains { $0.properties.generalCategory == .control }
        }
        .joined(separator: " ")
        return PrintableText.of(line)
    }
}
