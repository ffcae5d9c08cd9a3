package import Yams

/// From a file's bytes to the tree of its only document.
///
/// A scalar is its text, and who reads it says what it is to be. Yams would ask seven regular expressions of
/// Foundation's of each, for which alone every service would load ICU's tables and hold them.
package enum YAMLTree {
    /// - Returns: `nil` when there is nothing in the file but blanks and comments, or a null.
    /// - Throws: `FileProblems` without a word of the file but its keys: what Yams says itself quotes the faulty line,
    ///   which may hold a secret.
    package static func root(of bytes: [UInt8]) throws(FileProblems) -> Node? {
        guard let text = String(validating: bytes, as: UTF8.self) else { throw FileProblems(["is not UTF-8"]) }
        do {
            return try Yams.compose(yaml: text, .basic).flatMap { isNull($0) ? nil : $0 }
        } catch {
            throw FileProblems([describe(error)])
        }
    }

    /// Whether a key has no value.
    package static func isNull(_ node: Node) -> Bool {
        node.scalar.map { $0.style == .plain && ["", "~", "null", "Null", "NULL"].contains($0.string) } ?? false
    }

    /// What a plain `true` or `false` says (YAML 1.2, section 10.3.2); `nil` for anything else.
    package static func truth(_ node: Node?) -> Bool? {
        guard let scalar = node?.scalar, scalar.style == .plain else { return nil }
        switch scalar.string {
        case "true", "True", "TRUE": return true
        case "false", "False", "FALSE": return false
        default: return nil
        }
    }

    /// The text of a value; `nil` for a list, a mapping, and a null, which is no text of four letters.
    package static func text(_ node: Node?) -> String? {
        guard let scalar = node?.scalar else { return nil }
        return scalar.style == .plain && ["~", "null", "Null", "NULL"].contains(scalar.string) ? nil : scalar.string
    }

    private static func describe(_ error: any Error) -> String {
        switch error {
        case YamlError.scanner(_, let problem, let mark, _), YamlError.parser(_, let problem, let mark, _),
            YamlError.composer(_, let problem, let mark, _):
            "is not YAML: line \(mark.line), column \(mark.column): \(problem)"
        case YamlError.reader(let problem, _, _, _): "is not YAML: \(problem)"
        case YamlError.duplicatedKeysInMapping(let duplicates, let context):
            "line \(context.mark.line): \(duplicates.sorted().joined(separator: ", ")) given twice"
        default: "is not YAML"
        }
    }
}
