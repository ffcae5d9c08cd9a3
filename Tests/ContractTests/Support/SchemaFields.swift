import Contracts
import Foundation
import Testing

/// The fields that a schema names, and whether each is required where the object around it is there.
struct SchemaFields {
    var required: [JSONPath: Bool] = [:]
    /// The first has every field.
    var examples: [[String: Any]]

    init(_ type: EventType) throws {
        let schema = try ContractFiles.json("\(ContractFiles.schemas)/\(ContractDocuments.fileName(type))")
        examples = try #require(schema["examples"] as? [[String: Any]])
        let definitions = schema["$defs"] as? [String: [String: Any]] ?? [:]
        try add(schema, under: [], definitions)
    }

    private mutating func add(
        _ schema: [String: Any], under path: [String], _ definitions: [String: [String: Any]]
    ) throws {
        let required = Set(schema["required"] as? [String] ?? [])
        for (name, value) in schema["properties"] as? [String: [String: Any]] ?? [:] {
            self.required[JSONPath(names: path + [name])] = required.contains(name)
            let reference = (value["$ref"] as? String)?.split(separator: "/").last.map(String.init)
            let field = try reference.map { try #require(definitions[$0]) } ?? value
            try add(field, under: path + [name], definitions)
        }
    }
}
