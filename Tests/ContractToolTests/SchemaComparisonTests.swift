import Contracts
import Terminal
import Testing

@testable import ContractTool

@Suite struct SchemaComparisonTests {
    private let released = #"""
        {"$id": "urn:x:v1", "type": "object", "required": ["id", "at"], "$defs": {"place": {"type": "object",
         "required": ["zip"], "properties": {"zip": {"type": "string", "pattern": "^[0-9]{5}$"}}}},
         "properties": {"id": {"type": "string", "minLength": 1, "maxLength": 50}, "at": {"type": "string", "format": "date-time"},
          "count": {"type": "integer", "minimum": 0}, "stage": {"type": "string", "enum": ["one", "two"]},
          "place": {"$ref": "#/$defs/place"}, "tags": {"type": "array", "items": {"type": "string"}}}}
        """#

    private func breaks(_ old: String, _ new: String) throws -> [String] {
        func set(_ text: String) throws -> SchemaSet {
            guard case .object(let object) = try JSONValue(parsing: Array(text.utf8)) else {
                throw CommandError("no object")
            }
            return SchemaSet(schemas: ["x.v1.json": object])
        }
        return SchemaComparison.breaks(from: try set(old), to: try set(new)).map(\.description)
    }

    @Test(arguments: [
        (#""count": {"type": "integer", "minimum": 0}, "#, "", "count is gone"),
        (#""zip": {"type": "string", "pattern": "^[0-9]{5}$"}"#, "", "place.zip is gone"),
        (#""count": {"type": "integer""#, #""count": {"type": "string""#, "count has another type"),
        (#"["id", "at"]"#, #"["id", "at", "count"]"#, "count is required, and was not"),
        (#"["id", "at"]"#, #"["id"]"#, "at is not required any more: old readers need it"),
        (#"["one", "two"]"#, #"["one"]"#, "stage has no value two any more"),
        (#"["one", "two"]"#, #"["one", "two", "three"]"#, "stage has a value three that old readers do not know"),
        (#""maxLength": 50"#, #""maxLength": 40"#, "id has a narrower limit: maxLength"),
        (#""minLength": 1"#, #""minLength": 2"#, "id has a narrower limit: minLength"),
        (#""minimum": 0"#, #""minimum": 0, "maximum": 9"#, "count has a limit that it had not: maximum"),
        (#""format": "date-time""#, #""format": "date""#, "at has another format"),
        (#""pattern": "^[0-9]{5}$""#, #""pattern": "^7[0-9]{4}$""#, "place.zip has another pattern"),
        (#""items": {"type": "string"}"#, #""items": {"type": "integer"}"#, "tags[] has another type"),
        (#""$id""#, #""uniqueItems": true, "$id""#, "has another uniqueItems, which nobody can judge here"),
        ("urn:x:v1", "urn:x:v2", "has another $id"),
    ])
    func whatBreaksIsNamed(_ before: String, _ after: String, _ expected: String) throws {
        let changed = released.replacing(before, with: after)
        #expect(changed != released)
        let found = try breaks(released, changed).map { $0.hasPrefix("x.v1.json: ") ? String($0.dropFirst(11)) : $0 }
        #expect(found.contains(expected), "\(found)")
    }

    @Test(arguments: [
        (#""count": {"#, #""added": {"type": "string", "minLength": 3}, "count": {"#),
        (#""maxLength": 50"#, #""maxLength": 60"#), (#""minimum": 0"#, #""minimum": -1"#),
        (#""$id""#, #""title": "another", "$id""#), (#""maxLength": 50"#, #""description": "no limit""#),
    ])
    func whatIsAddedOrWiderBreaksNothing(_ before: String, _ after: String) throws {
        let changed = released.replacing(before, with: after)
        #expect(changed != released)
        #expect(try breaks(released, changed).isEmpty)
    }

    @Test func aSchemaThatIsGoneIsNamed() throws {
        let old = SchemaSet(schemas: ["x.v1.json": JSONObject()])
        #expect(
            SchemaComparison.breaks(from: old, to: SchemaSet(schemas: [:])).map(\.description)
                == ["x.v1.json: is gone"])
    }
}
