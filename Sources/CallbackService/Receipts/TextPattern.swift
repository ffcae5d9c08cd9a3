/// A regular expression of a receipt rule.
///
/// Kept as text: `Regex` may not be shared between tasks, and a rule that looks at texts is rare enough to be compiled
/// each time.
struct TextPattern: Sendable, Equatable, CustomStringConvertible {
    /// How much of an answer is looked at, bytes: the pattern is the operator's, but the text is the partner's, and some
    /// patterns take very long for long texts.
    static let longestText = 8192

    let description: String

    /// - Returns: `nil` when it is no regular expression.
    init?(_ text: String) {
        // What is wrong with it is told as one sentence, whatever the parser says.
        guard (try? Regex(text)) != nil else { return nil }
        description = text
    }

    /// Whether the pattern is found anywhere in the text; `^` and `$` are the text's ends.
    func isFound(in text: Substring) -> Bool {
        // Both were seen to work when the pattern was made; a match that fails is no match.
        guard let regex = try? Regex(description) else { return false }
        return (try? regex.firstMatch(in: text)) != nil
    }
}
