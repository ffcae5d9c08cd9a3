import Foundation
import Terminal
import Yams

/// The names in one of the files that operators edit: the keys below `providers` and `organizations`, and nothing of
/// what they hold but a provider's organisation; the organisations that rules of identity providers name.
struct FileNames: Sendable {
    struct Entry: Sendable, Equatable {
        var name: String
        /// From 1.
        var line: Int?
        var organization: String?
        /// Of whom somebody is told of trouble.
        var organizations: [String] = []
    }

    let file: String
    private let entries: [String: [Entry]]
    /// The organisations that rules below `identity_providers` let people into, each as often as it stands there.
    let ruled: [Entry]

    /// - Throws: `CommandError`, which names the file and, where there is one, the line; it quotes nothing, as there
    ///   may be secrets.
    init(path: String) throws(CommandError) {
        guard let content = FileManager.default.contents(atPath: path) else {
            throw CommandError("\(path) cannot be read")
        }
        guard let text = String(validating: content, as: UTF8.self) else {
            throw CommandError("\(path): is not UTF-8")
        }
        try self.init(text: text, file: path)
    }

    init(text: String, file: String) throws(CommandError) {
        self.file = file
        let root: Node?
        do {
            root = try Yams.compose(yaml: text, .basic)
        } catch {
            throw CommandError("\(file)\(Self.place(of: error)): is not YAML")
        }
        var entries: [String: [Entry]] = [:]
        for key in ["providers", "organizations", "notify"] {
            guard let node = root?.mapping?[key] else { continue }
            guard let mapping = node.mapping else {
                throw CommandError("\(file): \(key) must be a mapping of names to values")
            }
            entries[key] = mapping.compactMap { name, value in
                name.scalar.map {
                    Entry(
                        name: $0.string, line: name.mark?.line,
                        organization: value.mapping?["organization"]?.scalar?.string,
                        organizations: value.mapping?["organizations"]?.sequence?.compactMap { $0.scalar?.string } ?? []
                    )
                }
            }
        }
        self.entries = entries
        let providers = root?.mapping?["identity_providers"]?.mapping?.values.compactMap(\.mapping) ?? []
        ruled = providers.flatMap { provider in
            (provider["rules"]?.sequence ?? []).compactMap { rule -> Entry? in
                guard let node = rule.mapping?["organization"], let name = node.scalar?.string else { return nil }
                return Entry(name: name, line: node.mark?.line)
            }
        }
    }

    /// The names below a key, in the file's order.
    /// - Throws: `CommandError` when the file has no such key.
    func below(_ key: String) throws(CommandError) -> [Entry] {
        guard let entries = entries[key] else { throw CommandError("\(file): \(key) is missing") }
        return entries
    }

    /// The same; empty when the file has no such key.
    func anyBelow(_ key: String) -> [Entry] { entries[key] ?? [] }

    private static func place(of error: any Error) -> String {
        switch error {
        case YamlError.scanner(_, _, let mark, _), YamlError.parser(_, _, let mark, _),
            YamlError.composer(_, _, let mark, _):
            ", line \(mark.line)"
        default: ""
        }
    }
}
