import Contracts
import Foundation

/// The JSON Schemas of events, by the names of their files.
struct SchemaSet {
    var schemas: [String: JSONObject]

    /// Those that this executable was built with.
    /// - Throws: `OperatorError` when one is not a JSON object.
    static func ofThisVersion() throws(OperatorError) -> SchemaSet {
        var set = SchemaSet(schemas: [:])
        for type in EventType.allCases {
            let name = ContractDocuments.fileName(type)
            set.schemas[name] = try object(ContractDocuments.schema(type), name)
        }
        return set
    }

    /// Those of a directory's `*.json` files.
    /// - Throws: `OperatorError` when there is none, or one cannot be read.
    init(directory: String) throws(OperatorError) {
        schemas = [:]
        let names: [String]
        do { names = try FileManager.default.contentsOfDirectory(atPath: directory) } catch {
            throw OperatorError("\(directory) cannot be read")
        }
        for name in names where name.hasSuffix(".json") {
            guard let data = FileManager.default.contents(atPath: "\(directory)/\(name)") else {
                throw OperatorError("\(directory)/\(name) cannot be read")
            }
            schemas[name] = try Self.object([UInt8](data), "\(directory)/\(name)")
        }
        // A directory that was mistyped must not pass for one that nothing breaks.
        guard !schemas.isEmpty else { throw OperatorError("\(directory) has no schemas") }
    }

    init(schemas: [String: JSONObject]) { self.schemas = schemas }

    private static func object(_ bytes: [UInt8], _ name: String) throws(OperatorError) -> JSONObject {
        let value: JSONValue
        do { value = try JSONValue(parsing: bytes) } catch { throw OperatorError("\(name) is not JSON") }
        guard case .object(let object) = value else { throw OperatorError("\(name) is not a JSON object") }
        return object
    }
}
