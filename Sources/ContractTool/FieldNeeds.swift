import Contracts
import Foundation
import Terminal

/// Who needs which field, as the consumers' contracts (Pact) say.
struct FieldNeeds {
    /// By event type and field, e.g. `location.precision`.
    private var consumers: [String: [String: Set<String>]] = [:]

    /// - Parameter directory: of `<consumer>-<producer>.json`.
    /// - Throws: `CommandError` when one cannot be read.
    init(directory: String) throws(CommandError) {
        let set = try SchemaSet(directory: directory)
        for pact in set.schemas.values { add(pact) }
    }

    init() {}

    /// The services that need a field, by name.
    func services(_ type: EventType, _ field: String) -> [String] {
        consumers[type.rawValue]?[field]?.sorted() ?? []
    }

    private mutating func add(_ pact: JSONObject) {
        guard let consumer = pact.object("consumer").string("name"),
            case .array(let interactions)? = pact["interactions"]
        else { return }
        for case .object(let interaction) in interactions {
            guard let type = interaction.object("metadata").string("cloudEvents:type") else { continue }
            for field in Self.fields(of: interaction.object("contents").object("content"), under: "") {
                consumers[type, default: [:]][field, default: []].insert(consumer)
            }
        }
    }

    private static func fields(of object: JSONObject, under path: String) -> [String] {
        object.members.flatMap { member -> [String] in
            let field = path + member.name
            guard case .object(let nested) = member.value else { return [field] }
            return [field] + fields(of: nested, under: field + ".")
        }
    }
}
