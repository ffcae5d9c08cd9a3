/// A field of a JSON object, by the names on the way to it.
struct JSONPath: Hashable, CustomStringConvertible {
    var names: [String]

    var description: String { names.joined(separator: ".") }

    /// Every field of an object and of the objects in it; what is in arrays is left alone.
    static func all(in object: [String: Any]) -> [JSONPath] {
        object.keys.sorted().flatMap { name -> [JSONPath] in
            let inner = (object[name] as? [String: Any]).map(all) ?? []
            return [JSONPath(names: [name])] + inner.map { JSONPath(names: [name] + $0.names) }
        }
    }

    /// The object without the field.
    func removed(from object: [String: Any]) -> [String: Any] {
        changed(object) { $0.removeValue(forKey: $1) }
    }

    /// The object with the field under another name.
    func renamed(in object: [String: Any]) -> [String: Any] {
        changed(object) { $0["\($1)Renamed"] = $0.removeValue(forKey: $1) }
    }

    private func changed(
        _ object: [String: Any], _ change: (inout [String: Any], String) -> Void
    ) -> [String: Any] {
        var object = object
        guard let first = names.first else { return object }
        if names.count == 1 {
            change(&object, first)
        } else if let inner = object[first] as? [String: Any] {
            object[first] = JSONPath(names: Array(names.dropFirst())).changed(inner, change)
        }
        return object
    }
}
