import Yams

/// The shapes of YAML, and how a problem is told.
extension PartnersReader {
    /// A mapping's values by key; reports what is not a mapping and keys that are not known.
    mutating func keys(of node: Node, at path: String, known: [String]) -> [String: Node] {
        var found: [String: Node] = [:]
        for (key, value) in entries(of: node, at: path) {
            if known.contains(key) {
                found[key] = value
            } else {
                let name = path.isEmpty ? key : "\(path).\(key)"
                report(name, value, "is not known here; known are \(known.joined(separator: ", "))")
            }
        }
        return found
    }

    /// A mapping's pairs in the file's order; Yams has refused keys that stand there twice.
    mutating func entries(of node: Node, at path: String) -> [(String, Node)] {
        guard let mapping = node.mapping else {
            report(path.isEmpty ? "the file" : path, node, "must be a mapping of names to values")
            return []
        }
        var found: [(String, Node)] = []
        for (key, value) in mapping {
            guard let name = key.scalar?.string, !name.isEmpty else {
                report(path.isEmpty ? "the file" : path, key, "has a key that is not a name")
                continue
            }
            found.append((name, value))
        }
        return found
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

    /// Yams' own descriptions quote the faulty line, which may hold a secret.
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
