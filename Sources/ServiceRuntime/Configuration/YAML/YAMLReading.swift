package import Yams

/// Walks the tree of a YAML file that operators edit, and collects what is wrong with it instead of stopping at the
/// first: each with its path in the file and its line.
///
/// Keys that are not known are refused, so that a slip does not silently mean the default. No problem quotes a value of
/// its own accord, as it may be a secret.
package protocol YAMLReading {
    var problems: [String] { get set }
}

extension YAMLReading {
    package mutating func report(_ path: String, _ node: Node, _ problem: String) {
        let place = path.isEmpty ? "the file" : path
        problems.append(node.mark.map { "\(place) (line \($0.line)): \(problem)" } ?? "\(place): \(problem)")
    }

    /// A mapping's values by key, and what is wrong with the keys.
    /// - Returns: `nil` when the node is no mapping, which is reported.
    package mutating func fields(of node: Node, at path: String, known: [String]) -> [String: Node]? {
        guard let pairs = pairs(of: node, at: path) else { return nil }
        var fields: [String: Node] = [:]
        for (name, key, value) in pairs {
            if known.contains(name) {
                fields[name] = value
            } else {
                let place = path.isEmpty ? Self.shown(name) : "\(path).\(Self.shown(name))"
                let guess = NearMiss.of(name, in: known).map { "; is it \($0)?" } ?? ""
                report(place, key, "is not known here; known are \(known.joined(separator: ", "))\(guess)")
            }
        }
        return fields
    }

    /// A mapping's names and values in the file's order.
    /// - Returns: `nil` when the node is no mapping, which is reported.
    package mutating func entries(of node: Node, at path: String) -> [(String, Node)]? {
        pairs(of: node, at: path)?.map { ($0.name, $0.value) }
    }

    /// Keys that stand there twice were refused by Yams.
    private mutating func pairs(of node: Node, at path: String) -> [(name: String, key: Node, value: Node)]? {
        guard let mapping = node.mapping else {
            report(path, node, "must be a mapping of names to values")
            return nil
        }
        var pairs: [(name: String, key: Node, value: Node)] = []
        for (key, value) in mapping {
            if let name = key.scalar?.string, !name.isEmpty {
                pairs.append((name, key, value))
            } else {
                report(path, key, "has a key that is not a name")
            }
        }
        return pairs
    }

    /// The elements of a list; `nil` when it is none.
    package mutating func elements(of node: Node, at path: String) -> [Node]? {
        guard let sequence = node.sequence else {
            report(path, node, "must be a list")
            return nil
        }
        return Array(sequence)
    }

    /// A text that is not empty.
    package mutating func text(_ node: Node, at path: String) -> String? {
        guard let text = YAMLTree.text(node) else {
            report(path, node, "must be text")
            return nil
        }
        guard !text.isEmpty else {
            report(path, node, "is empty")
            return nil
        }
        return text
    }

    /// A name or a value of the file as a problem quotes it: short, and on one line.
    package static func shown(_ value: String) -> String {
        let line = value.map { $0.isNewline || $0.unicodeScalars.contains { $0.value < 0x20 } ? " " : $0 }
        return line.count > 40 ? String(line.prefix(40)) + "…" : String(line)
    }
}
