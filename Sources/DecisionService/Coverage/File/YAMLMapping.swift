import Yams

/// A YAML mapping whose keys are texts, checked: each key is known and stands once.
struct YAMLMapping {
    /// In the file's order.
    private(set) var entries: [(key: String, value: Node)] = []

    /// - Parameters:
    ///   - path: where the node is, for the problems.
    ///   - known: the keys that may stand here; `nil` for any.
    /// - Returns: `nil`, with a problem added, when the node is no mapping.
    init?(_ node: Node, path: String, known: [String]?, _ problems: inout CoverageProblems) {
        guard let mapping = node.mapping else {
            problems.add(path: path, line: node.line, "must be a mapping")
            return nil
        }
        var seen: Set<String> = []
        for (key, value) in mapping {
            guard let name = key.scalar?.string, !name.isEmpty else {
                problems.add(path: path, line: key.line, "has a key that is not a text")
                continue
            }
            let place = path.isEmpty ? CoverageProblems.shown(name) : "\(path).\(CoverageProblems.shown(name))"
            if let known, !known.contains(name) {
                problems.add(
                    path: place, line: key.line, "is not a known key; known are \(known.joined(separator: ", "))")
            } else if !seen.insert(name).inserted {
                problems.add(path: place, line: key.line, "stands here a second time")
            } else {
                entries.append((name, value))
            }
        }
    }

    subscript(key: String) -> Node? { entries.first { $0.key == key }?.value }
}

extension Node {
    /// The line that it starts on, from 1.
    var line: Int? { mark?.line }
}
