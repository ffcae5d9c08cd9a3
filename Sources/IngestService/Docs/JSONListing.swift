import Yams

/// A value of the document as JSON for people: indented, what fits a line on one line, and each part with what it is.
struct JSONListing: Sendable, Equatable {
    /// A part of the text; `kind` is the style sheet's name for it, empty for what holds the others together.
    struct Part: Sendable, Equatable {
        var kind: String
        var isMarked: Bool
        var words: String

        init(kind: String, words: String) {
            self.kind = kind
            isMarked = !kind.isEmpty
            self.words = words
        }
    }

    private(set) var parts: [Part] = []
    private static let width = 76

    init(_ node: Node) { write(node, depth: 0) }

    var text: String { parts.map(\.words).joined() }

    /// The same without a blank or an end of a line between its parts: what goes over the wire.
    static func compact(_ node: Node) -> String {
        var text = ""
        OpenAPIDocument.write(node, to: &text)
        return text
    }

    private mutating func write(_ node: Node, depth: Int, after used: Int = 0) {
        let short = Self.onOneLine(node)
        let fits = depth > 0 && 2 * depth + used + short.reduce(0) { $0 + $1.words.count } <= Self.width
        switch node {
        case .mapping(let mapping) where !fits && !mapping.isEmpty:
            list("{", "}", depth, mapping.map { Member(key: $0.key, value: $0.value) })
        case .sequence(let sequence) where !fits && !sequence.isEmpty:
            list("[", "]", depth, sequence.map { Member(value: $0) })
        default: for part in short { add(part.kind, part.words) }
        }
    }

    private struct Member {
        var key: Node?
        var value: Node
    }

    private mutating func list(_ begin: String, _ end: String, _ depth: Int, _ members: [Member]) {
        add("", begin)
        for (index, member) in members.enumerated() {
            add("", (index == 0 ? "\n" : ",\n") + Self.indentation(depth + 1))
            var used = 0
            if let key = member.key {
                let name = Self.compact(.quoted(key.scalar?.string ?? ""))
                add("k", name)
                add("", ": ")
                used = name.count + 2
            }
            write(member.value, depth: depth + 1, after: used)
        }
        add("", "\n" + Self.indentation(depth) + end)
    }

    private static func indentation(_ depth: Int) -> String { String(repeating: "  ", count: depth) }

    private static func onOneLine(_ node: Node) -> [Part] {
        var parts: [Part] = []
        switch node {
        case .mapping(let mapping):
            parts.append(Part(kind: "", words: "{"))
            for (index, (key, value)) in mapping.enumerated() {
                if index > 0 { parts.append(Part(kind: "", words: ", ")) }
                parts.append(Part(kind: "k", words: compact(.quoted(key.scalar?.string ?? ""))))
                parts.append(Part(kind: "", words: ": "))
                parts += onOneLine(value)
            }
            parts.append(Part(kind: "", words: "}"))
        case .sequence(let sequence):
            parts.append(Part(kind: "", words: "["))
            for (index, value) in sequence.enumerated() {
                if index > 0 { parts.append(Part(kind: "", words: ", ")) }
                parts += onOneLine(value)
            }
            parts.append(Part(kind: "", words: "]"))
        case .scalar, .alias:
            let text = compact(node)
            parts.append(Part(kind: text.hasPrefix("\"") ? "s" : "n", words: text))
        }
        return parts
    }

    private mutating func add(_ kind: String, _ words: String) {
        if kind.isEmpty, let last = parts.indices.last, parts[last].kind.isEmpty {
            parts[last].words += words
        } else {
            parts.append(Part(kind: kind, words: words))
        }
    }
}
