import ServiceRuntime
import Yams

/// What values this file has more than others.
extension GeocoderFileReader {
    mutating func required(_ name: String, _ keys: [String: Node], of parent: Node, at path: String) -> String? {
        guard let node = keys[name] else {
            report("\(path).\(name)", parent, "is missing")
            return nil
        }
        return text(node, at: "\(path).\(name)")
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
}
