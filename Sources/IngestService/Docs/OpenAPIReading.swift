import Yams

/// An OpenAPI document as its page reads it: references are followed, and everything comes in the order in which it is
/// written.
struct OpenAPIReading {
    let root: Node

    /// What a node says, behind a reference, and the name that the document has for it.
    struct Named {
        var node: Node
        /// `nil` for what is written where it is used.
        var name: String?
        /// What is said beside the reference, which goes before what stands behind it (OpenAPI 3.1, section 4.8.23).
        var description: String?

        var text: String { description ?? node.string("description") ?? "" }
    }

    func named(_ node: Node) -> Named {
        guard let reference = node.string("$ref") else { return Named(node: node) }
        let path = reference.split(separator: "/").dropFirst().map(String.init)
        let target = path.reduce(root as Node?) { node, part in node?[part] }
        return Named(node: target ?? .nothing, name: path.last, description: node.string("description"))
    }

    func component(_ kind: String) -> [(name: String, node: Node)] { root["components"]?[kind]?.members ?? [] }
}

extension Node {
    /// In the place of what is missing.
    static var nothing: Node { Node("", Tag(.implicit, .basic)) }

    /// A text between quotation marks.
    static func quoted(_ text: String) -> Node { Node(text, Tag(.str, .basic), .doubleQuoted) }

    /// A mapping's members, in their order; none for anything else.
    var members: [(name: String, node: Node)] {
        mapping?.map { ($0.key.scalar?.string ?? "", $0.value) } ?? []
    }

    /// A sequence's elements; none for anything else.
    var elements: [Node] { sequence.map(Array.init) ?? [] }

    /// The text of a member that is no mapping and no list.
    func string(_ name: String) -> String? { self[name]?.scalar?.string }

    /// The texts of a member that is a list, or one of them.
    func strings(_ name: String) -> [String] {
        guard let node = self[name] else { return [] }
        return node.scalar.map { [$0.string] } ?? node.elements.compactMap { $0.scalar?.string }
    }
}
