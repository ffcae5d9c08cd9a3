import Contracts

/// A place in a JSON text (RFC 6901).
struct JSONPointer: Sendable, Equatable, CustomStringConvertible {
    let description: String
    private let tokens: [String]

    /// - Returns: `nil` when the text is no pointer: it starts otherwise than with `/`, or has a `~` that neither 0 nor
    ///   1 follows. An empty one means the whole text.
    init?(_ text: String) {
        guard text.isEmpty || text.hasPrefix("/") else { return nil }
        var tokens: [String] = []
        for escaped in text.split(separator: "/", omittingEmptySubsequences: false).dropFirst() {
            let parts = escaped.split(separator: "~", omittingEmptySubsequences: false)
            guard parts.dropFirst().allSatisfy({ $0.hasPrefix("0") || $0.hasPrefix("1") }) else { return nil }
            tokens.append(String(escaped).replacing("~1", with: "/").replacing("~0", with: "~"))
        }
        self.tokens = tokens
        description = text
    }

    /// What is there; `nil` when there is nothing.
    func value(in root: JSONValue) -> JSONValue? {
        var value = root
        for token in tokens {
            switch value {
            case .object(let object):
                guard let member = object[token] else { return nil }
                value = member
            case .array(let elements):
                // Section 4: no leading zeros, no sign; `-` is the place after the last.
                guard let index = Int(token), String(index) == token, elements.indices.contains(index) else {
                    return nil
                }
                value = elements[index]
            case .string, .number, .bool, .null: return nil
            }
        }
        return value
    }
}
