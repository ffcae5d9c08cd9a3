import Foundation

/// Colours for a terminal, which say nothing that the words do not: what is well, what is not, and where a table
/// begins.
///
/// Nobody sees them in a file or a pipe, nor with `NO_COLOR` (https://no-color.org) or on a terminal that has none.
package struct Ink: Sendable {
    private let isOn: Bool

    package init(isTerminal: Bool, environment: [String: String]) {
        isOn = isTerminal && (environment["NO_COLOR"] ?? "").isEmpty && environment["TERM"] != "dumb"
    }

    package static let standardOutput = Ink(
        isTerminal: isatty(STDOUT_FILENO) == 1, environment: ProcessInfo.processInfo.environment)

    /// Of our own words, what is not well.
    private static let bad = [
        "NOT READY", "NO ANSWER", "NO RECEIPT", "NOWHERE", "DOES NOT HOLD", "does not add up", "OVERDUE",
        "Needs a person:",
    ]
    /// And what is.
    private static let good = [
        "Nothing needs a person.", "Nothing waits for a person.", "No dead letters.", "No answer would change.",
        "A receipt,", "= told + pending + review + dead holds", "The files are good, and go together.",
        "The three files go together.",
    ]

    /// - Parameter text: lines that hold nothing but what is printable.
    package func paint(_ text: String) -> String {
        guard isOn else { return text }
        return text.split(separator: "\n", omittingEmptySubsequences: false).map { paint(line: $0) }
            .joined(separator: "\n")
    }

    private func paint(line: Substring) -> String {
        if line.wholeMatch(of: /[A-Z][A-Z ]*(  +[A-Z][A-Z ]*)+/) != nil { return "\u{1B}[1m\(line)\u{1B}[0m" }
        var line = String(line)
        for words in Self.bad { line = line.replacing(words, with: "\u{1B}[1;31m\(words)\u{1B}[0m") }
        for words in Self.good { line = line.replacing(words, with: "\u{1B}[32m\(words)\u{1B}[0m") }
        return line
    }
}
