/// A regular expression (PCRE) that stands for whole names, one of several.
package struct NamePattern: Sendable, Equatable, ExpressibleByArrayLiteral {
    /// Expressions of their own, without `|` outside of brackets.
    private let choices: [String]

    /// - Parameter choices: none for a pattern that no name matches.
    init(_ choices: [String]) { self.choices = choices }

    package init(arrayLiteral choices: String...) { self.init(choices) }

    /// The expression. The broker takes an empty one for `^$`, so that is what stands for no name.
    package var text: String {
        switch choices.count {
        case 0: "^$"
        case 1: "^\(choices[0])$"
        default: "^(\(choices.joined(separator: "|")))$"
        }
    }

    /// The expression of exactly this name.
    static func literal(_ name: String) -> String {
        name.map { $0.isLetter || $0.isNumber || $0 == "-" || $0 == "_" ? "\($0)" : "\\\($0)" }.joined()
    }
}
