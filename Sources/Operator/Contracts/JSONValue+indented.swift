import Contracts

extension JSONValue {
    /// JSON for people, two spaces for each level; members in their order.
    func indentedText(_ level: Int = 0) -> String {
        let inner = String(repeating: "  ", count: level + 1)
        let outer = String(repeating: "  ", count: level)
        switch self {
        case .string(let text): return Self.quoted(text)
        case .number, .bool, .null: return text
        case .array(let values):
            guard !values.isEmpty else { return "[]" }
            let lines = values.map { inner + $0.indentedText(level + 1) }
            return "[\n\(lines.joined(separator: ",\n"))\n\(outer)]"
        case .object(let object):
            guard !object.members.isEmpty else { return "{}" }
            let lines = object.members.map {
                "\(inner)\(Self.quoted($0.name)): \($0.value.indentedText(level + 1))"
            }
            return "{\n\(lines.joined(separator: ",\n"))\n\(outer)}"
        }
    }

    private static func quoted(_ text: String) -> String {
        let escaped = text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"").replacing("\n", with: "\\n")
        return "\"\(escaped)\""
    }
}
