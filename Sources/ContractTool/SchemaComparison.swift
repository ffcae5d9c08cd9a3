import Contracts

/// Looks for what breaks between two versions of an event's schema.
///
/// Messages go both ways while versions are mixed: an old reader gets what the new version writes, and a new reader
/// what the old one wrote. So a required field must neither come nor go, and a closed set of codes neither shrink nor
/// grow. A new optional field, and a limit that is wider, break nobody.
struct SchemaComparison {
    private let name: String
    private let oldRoot: JSONObject
    private let newRoot: JSONObject
    private var breaks: [BreakingChange] = []

    static func breaks(from released: SchemaSet, to new: SchemaSet) -> [BreakingChange] {
        released.schemas.sorted { $0.key < $1.key }.flatMap { name, old -> [BreakingChange] in
            guard let new = new.schemas[name] else {
                return [BreakingChange(schema: name, field: "", what: "is gone")]
            }
            var comparison = SchemaComparison(name: name, oldRoot: old, newRoot: new)
            comparison.compare(old, new, at: "")
            return comparison.breaks
        }
    }

    private init(name: String, oldRoot: JSONObject, newRoot: JSONObject) {
        self.name = name
        self.oldRoot = oldRoot
        self.newRoot = newRoot
    }

    private mutating func compare(_ old: JSONObject, _ new: JSONObject, at path: String) {
        let old = old.resolved(in: oldRoot)
        let new = new.resolved(in: newRoot)
        for keyword in ["$id", "const", "format"] where old[keyword] != nil && old[keyword] != new[keyword] {
            note(path, "has another \(keyword)")
        }
        if old["format"] == nil, new["format"] != nil { note(path, "has a format that it had not") }
        if old["const"] == nil, new["const"] != nil { note(path, "has one value where it had any") }
        guard old["type"] == new["type"] else { return note(path, "has another type") }
        compareCodes(old, new, path)
        compareLimits(old, new, path)
        compareFields(old, new, path)
        if case .object(let oldItems)? = old["items"], case .object(let newItems)? = new["items"] {
            compare(oldItems, newItems, at: "\(path)[]")
        } else if old["items"] != new["items"] {
            note(path, "has other elements")
        }
        for keyword in Self.unjudged where old[keyword] != new[keyword] {
            note(path, "has another \(keyword), which nobody can judge here")
        }
    }

    /// Keywords that no schema of Intake's uses so far.
    private static let unjudged = [
        "additionalProperties", "allOf", "anyOf", "contains", "dependentRequired", "dependentSchemas", "else", "if",
        "maxProperties", "minProperties", "multipleOf", "not", "oneOf", "patternProperties", "prefixItems",
        "propertyNames", "then", "unevaluatedItems", "unevaluatedProperties", "uniqueItems",
    ]

    private mutating func compareFields(_ old: JSONObject, _ new: JSONObject, _ path: String) {
        let newFields = new.object("properties")
        for member in old.object("properties").members {
            let field = path.isEmpty ? member.name : "\(path).\(member.name)"
            guard case .object(let oldField) = member.value else { continue }
            guard case .object(let newField)? = newFields[member.name] else {
                note(field, "is gone")
                continue
            }
            compare(oldField, newField, at: field)
        }
        let (before, after) = (Set(old.strings("required")), Set(new.strings("required")))
        for name in after.subtracting(before).sorted() {
            note(path.isEmpty ? name : "\(path).\(name)", "is required, and was not")
        }
        // One that is gone altogether is named already.
        for name in before.subtracting(after).sorted() where newFields[name] != nil {
            note(path.isEmpty ? name : "\(path).\(name)", "is not required any more: old readers need it")
        }
    }

    private mutating func compareCodes(_ old: JSONObject, _ new: JSONObject, _ path: String) {
        guard case .array(let before)? = old["enum"] else {
            if new["enum"] != nil { note(path, "has a closed set of values where it had any") }
            return
        }
        guard case .array(let after)? = new["enum"] else {
            return note(path, "has any value where it had a closed set: old readers know no others")
        }
        for value in before where !after.contains(value) { note(path, "has no value \(value.text) any more") }
        for value in after where !before.contains(value) {
            note(path, "has a value \(value.text) that old readers do not know")
        }
    }

    private mutating func compareLimits(_ old: JSONObject, _ new: JSONObject, _ path: String) {
        for (keyword, isNarrower) in Self.limits {
            guard let limit = new.number(keyword) else { continue }
            guard let before = old.number(keyword) else {
                note(path, "has a limit that it had not: \(keyword)")
                continue
            }
            if isNarrower(limit, before) { note(path, "has a narrower limit: \(keyword)") }
        }
        if let pattern = new["pattern"], pattern != old["pattern"] {
            note(path, old["pattern"] == nil ? "has a pattern that it had not" : "has another pattern")
        }
    }

    private static let limits: [(String, @Sendable (Double, Double) -> Bool)] = [
        ("minimum", { $0 > $1 }), ("exclusiveMinimum", { $0 > $1 }), ("minLength", { $0 > $1 }),
        ("minItems", { $0 > $1 }), ("maximum", { $0 < $1 }), ("exclusiveMaximum", { $0 < $1 }),
        ("maxLength", { $0 < $1 }), ("maxItems", { $0 < $1 }),
    ]

    private mutating func note(_ field: String, _ what: String) {
        breaks.append(BreakingChange(schema: name, field: field, what: what))
    }
}

/// A change of a schema by which the old version and the new one cannot run side by side.
struct BreakingChange: Equatable, CustomStringConvertible {
    /// The schema's file.
    var schema: String
    /// The field, e.g. `location.precision`; empty for the whole.
    var field: String
    var what: String

    var description: String { field.isEmpty ? "\(schema): \(what)" : "\(schema): \(field) \(what)" }
}
