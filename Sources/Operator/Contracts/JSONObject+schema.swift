import Contracts

extension JSONObject {
    /// The members of an object; none when it is absent.
    func object(_ name: String) -> JSONObject {
        if case .object(let object)? = self[name] { object } else { JSONObject() }
    }

    /// The strings of an array; none when it is absent.
    func strings(_ name: String) -> [String] {
        guard case .array(let values)? = self[name] else { return [] }
        return values.compactMap(\.string)
    }

    func string(_ name: String) -> String? { self[name]?.string }

    func number(_ name: String) -> Double? {
        if case .number(let text)? = self[name] { Double(text) } else { nil }
    }

    /// What a schema says once its `$ref` is followed: only into the same document's `$defs`, which is all that is used.
    func resolved(in root: JSONObject) -> JSONObject {
        guard let reference = string("$ref"), reference.hasPrefix("#/$defs/"),
            case .object(let definition)? = root.object("$defs")[String(reference.dropFirst("#/$defs/".count))]
        else { return self }
        return definition
    }
}

extension JSONValue {
    var string: String? { if case .string(let text) = self { text } else { nil } }

    /// As people read it: a string without its quotation marks, the rest as JSON.
    var text: String {
        switch self {
        case .string(let text), .number(let text): text
        case .bool(let flag): flag ? "true" : "false"
        case .null: "null"
        case .array(let values): "[" + values.map(\.text).joined(separator: ", ") + "]"
        case .object(let object):
            "{" + object.members.map { "\($0.name): \($0.value.text)" }.joined(separator: ", ") + "}"
        }
    }
}
