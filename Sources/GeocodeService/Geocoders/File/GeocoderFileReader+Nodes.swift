import Yams

/// The shapes of YAML, and how a problem is told.
extension GeocoderFileReader {
    /// A mapping's values by key; reports what is not a mapping and keys that are not known. Yams has refused keys that
    /// stand there twice.
    mutating func keys(of node: Node, at path: String, known: [String]) -> [String: Node] {
        guard let mapping = node.mapping else {
            report(path.isEmpty ? "the file" : path, node, "must be a mapping of names to values")
            return [:]
        }
        var found: [String: Node] = [:]
        for (key, value) in mapping {
            guard let name = key.scalar?.string, !name.isEmpty else {
                report(path.isEmpty ? "the file" : path, key, "has a key that is not a name")
                continue
            }
            if known.contains(name) {
                found[name] = value
            } else {
                let place = path.isEmpty ? name : "\(path).\(name)"
                report(place, key, "is not known here; known are \(known.joined(separator: ", "))")
            }
        }
        return found
    }

    mutating func required(_ name: String, _ keys: [String: Node], of parent: Node, at path: String) -> String? {
        guard let node = keys[name] else {
            report("\(path).\(name)", parent, "is missing")
            return nil
        }
        return text(node, at: "\(path).\(name)")
    }

    mutating func text(_ node: Node, at path: String) -> String? {
        guard let text = node.scalar?.string else {
            report(path, node, "must be text")
            return nil
        }
        guard !text.isEmpty else {
            report(path, node, "is empty")
            return nil
        }
        return text
    }

    /// A text of one line that is short enough to be shown.
    mutating func line(_ node: Node?, at path: String) -> String? {
        guard let node, let text = text(node, at: path) else { return nil }
        guard text.count <= 200, text.unicodeScalars.allSatisfy({ $0.value >= 0x20 && $0.value != 0x7F }) else {
            report(path, node, "must be one line of at most 200 characters")
            return nil
        }
        return text
    }

    mutating func flag(_ node: Node?, at path: String) -> Bool? {
        guard let node, let text = text(node, at: path) else { return nil }
        guard text == "true" || text == "false" else {
            report(path, node, "must be true or false")
            return nil
        }
        return text == "true"
    }

    /// The elements of a list; `nil` when it is none.
    mutating func elements(of node: Node, at path: String) -> [Node]? {
        guard let sequence = node.sequence else {
            report(path, node, "must be a list")
            return nil
        }
        return Array(sequence)
    }

    mutating func report(_ path: String, _ node: Node, _ problem: String) {
        problems.append(node.mark.map { "\(path) (line \($0.line)): \(problem)" } ?? "\(path): \(problem)")
    }

    /// A key without a value.
    static func isNull(_ node: Node) -> Bool {
        node.scalar.map { $0.style == .plain && ["", "~", "null"].contains($0.string) } ?? false
    }

    /// Yams' own descriptions quote the faulty line, which may hold a key.
    static func describe(_ error: any Error) -> String {
        switch error {
        case YamlError.scanner(_, let problem, let mark, _), YamlError.parser(_, let problem, let mark, _),
            YamlError.composer(_, let problem, let mark, _):
            "line \(mark.line), column \(mark.column): \(problem)"
        case YamlError.duplicatedKeysInMapping(let duplicates, let context):
            "line \(context.mark.line): \(duplicates.sorted().joined(separator: ", ")) given twice"
        default: "is not YAML"
        }
    }
}
