import Configuration
import Yams

/// A YAML file of keys and their values.
struct ConfigurationFile {
    /// Below `intake`, as the environment's are.
    private(set) var values: [AbsoluteConfigKey: ConfigValue] = [:]
    /// Where each key stands: the file and the line.
    private(set) var places: [String: String] = [:]

    /// - Throws: everything that is wrong with it but unknown keys.
    init(_ bytes: [UInt8], path: String) throws(FileProblems) {
        var reader = Reader()
        if let root = try YAMLTree.root(of: bytes) {
            for (name, node) in reader.entries(of: root, at: "") ?? [] {
                if name == "intake", node.mapping != nil {
                    reader.read(node, below: [])
                } else {
                    reader.read(node, below: [name])
                }
            }
        }
        guard reader.problems.isEmpty else { throw FileProblems(reader.problems) }
        for (key, found) in reader.found {
            let components = key.split(separator: ".").map(String.init)
            values[AbsoluteConfigKey(["intake"] + components)] = ConfigValue(.string(found.text), isSecret: true)
            places[key] = found.line.map { "\(path), line \($0)" } ?? path
        }
    }

    private struct Reader: YAMLReading {
        var problems: [String] = []
        var found: [String: (text: String, line: Int?)] = [:]

        mutating func read(_ node: Node, below path: [String]) {
            let key = path.joined(separator: ".")
            // Without a value a key stands at its default, as a variable does that is empty.
            if YAMLTree.isNull(node) { return }
            if let text = node.scalar?.string {
                if found[key] != nil { report(key, node, "is given twice") }
                found[key] = (text, node.mark?.line)
            } else if node.mapping != nil {
                for (name, node) in entries(of: node, at: key) ?? [] { read(node, below: path + [name]) }
            } else {
                report(key, node, "must be one value, not a list")
            }
        }
    }
}
