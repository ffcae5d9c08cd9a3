/// Texts of others' in a log or an error of ours.
package enum OneLine {
    /// The text with a space for each end of a line and each other control character: an event is one line, whatever it
    /// quotes.
    package static func of(_ text: String) -> String {
        text.split { $0.isNewline || $0.unicodeScalars.contains { $0.properties.generalCategory == .control } }
            .joined(separator: " ")
    }
}
