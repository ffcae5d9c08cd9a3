import Contracts
import Foundation
import Terminal

/// The JSON Schemas of events, by the names of their files.
struct SchemaSet {
    var schemas: [String: JSONObject]

    /// Those that this executable was built with.
    /// - Throws: `CommandError` when one is not a JSON object.
    static func ofThisVersion() throws(CommandError) -> SchemaSet {
        var set = SchemaSet(schemas: [:])
        for type in EventType.allCases {
            let name = ContractDocuments.fileName(type)
            set.schemas[name] = try object(ContractDocuments.schema(type), name)
        }
        return set
    }

    /// Those of a directory's `*.json` files.
    /// - Throws: `CommandError` when there is none, or one cannot be read.
    init(directory: String) throws(CommandError) {
        schemas = [:]
        let names: [String]
        do { names = try FileManager.default.contentsOfDirectory(atPath: directory) } catch {
            throw CommandError("\(directory) cannot be read")
        }
        for name in names where name.hasSuffix(".json") {
            guard let data = FileManager.default.contents(atPath: "\(directory)/\(name)") else {
                throw CommandError("\(directory)/\(name) cannot be read")
            }
            schemas[name] = try Self.object([UInt8](data), "\(directory)/\(name)")
        }
        // A directory that was mistyped must not pass for one that nothing breaks.
        guard !schemas.isEmpty else { throw CommandError("\(directory) has no schemas") }
    }

    init(schemas: [String: JSONObject]) { self.schemas = schemas }

    private static func object(_ bytes: [UInt8], _ name: String) throws(CommandError) -> JSONObject {
        let value: JSONValue
        do { value = try JSONValue(parsing: bytes) } catch { throw CommandError("\(name) is not JSON") }
        guard case .object(let object) = value else { throw CommandError("\(name) is not a JSON object") }
        return object
    }
}

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

    /// What a schema says once its `$ref` is followed: only into the same document's `$defs`, which is all that is
    /// used.
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
