import CRe2

/// A regular expression of a receipt rule, in RE2's syntax (https://github.com/google/re2/wiki/Syntax).
///
/// The pattern is the operator's, but the text is the partner's, and every callback of every partner waits for the same
/// few threads. So the matcher is one whose time grows with the text's length and no faster, whatever the pattern: some
/// 20 µs for the longest text. What cannot be matched so, backreferences and look-around, is no pattern.
struct TextPattern: Sendable, Equatable, CustomStringConvertible {
    /// How much of an answer is looked at, bytes.
    static let longestText = 8192
    /// Bytes. What it compiles to is bounded by `CRe2`, too: `\pL{600}` is short and large.
    static let longestPattern = 512

    let description: String
    private let expression: Expression

    /// - Throws: `Problem`, which says what is wrong.
    init(_ text: String) throws(Problem) {
        guard text.utf8.count <= Self.longestPattern else {
            throw Problem("is longer than \(Self.longestPattern) bytes")
        }
        description = text
        expression = try Expression(text)
    }

    /// Whether the pattern is found anywhere in the text; `^` and `$` are the text's ends.
    func isFound(in text: String) -> Bool {
        text.withCString { cre2_is_found(expression.pattern, $0, text.utf8.count) }
    }

    static func == (one: TextPattern, other: TextPattern) -> Bool { one.description == other.description }

    /// What is wrong with a pattern; reads after the name of its key.
    struct Problem: Error, Sendable, Equatable, CustomStringConvertible {
        let description: String
        init(_ description: String) { self.description = description }
    }

    /// Unchecked, because the compiler knows nothing of C's pointers: the expression does not change between being made
    /// and being freed, and RE2 lets any number of threads match with the same one (re2.h: "safe for concurrent use").
    private final class Expression: @unchecked Sendable {
        let pattern: OpaquePointer

        init(_ text: String) throws(Problem) {
            var why = [CChar](repeating: 0, count: 200)
            let compiled = text.withCString { cre2_compile($0, text.utf8.count, &why, why.count) }
            guard let compiled else {
                let reason = String(decoding: why.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
                throw Problem("is not a regular expression that RE2 takes: \(reason)")
            }
            pattern = compiled
        }

        deinit { cre2_free(pattern) }
    }
}
