import ServiceRuntime
import Yams

extension ProviderDirectory {
    /// Reads `providers.yaml`:
    ///
    /// ```yaml
    /// providers:
    ///   example-portal:              # 1 to 64 ASCII letters, digits, '-', '_', '.'
    ///     organization: example-org  # the organisation that it works for, 1 to 128 characters
    ///     tokens:                    # any number, so that they can be rotated; none locks the provider out
    ///       - sha256: 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08
    ///     rate: 50/s                 # optional, as burst and in_flight: see ProviderLimits
    /// ```
    ///
    /// and `organizations`, see `StaffTokens`.
    ///
    /// - Throws: `FileProblems` with everything that is wrong, each with its line.
    static func parse(_ bytes: [UInt8]) throws(FileProblems) -> ProviderDirectory {
        var reader = Reader()
        reader.read(try root(bytes))
        guard reader.problems.isEmpty else { throw FileProblems(reader.problems) }
        return ProviderDirectory(
            byToken: reader.byToken, limits: reader.limits, staffByToken: reader.staffByToken)
    }

    private static func root(_ bytes: [UInt8]) throws(FileProblems) -> Node {
        guard let text = String(validating: bytes, as: UTF8.self) else { throw FileProblems(["is not UTF-8 text"]) }
        do {
            guard let root = try Yams.compose(yaml: text) else { throw FileProblems(["is empty"]) }
            return root
        } catch let problems as FileProblems {
            throw problems
        } catch {
            throw FileProblems([describe(error)])
        }
    }

    /// Says what the parser found without quoting the file, which Yams' own description does.
    private static func describe(_ error: any Error) -> String {
        switch error {
        case YamlError.scanner(_, let problem, let mark, _), YamlError.parser(_, let problem, let mark, _),
            YamlError.composer(_, let problem, let mark, _):
            "line \(mark.line): \(problem)"
        case YamlError.duplicatedKeysInMapping(let keys, let context):
            "line \(context.mark.line): key given twice: \(keys.joined(separator: ", "))"
        default: "is not YAML"
        }
    }

    /// Walks the tree and collects what is wrong instead of stopping at it.
    private struct Reader {
        var problems: [String] = []
        var byToken: [TokenHash: Provider] = [:]
        var staffByToken: [TokenHash: Staff] = [:]
        var limits: [String: ProviderLimits] = [:]

        mutating func read(_ root: Node) {
            guard let fields = fields(of: root, "the file", known: ["providers", "organizations"]) else { return }
            // After the providers: no token may belong to both.
            defer { if let organizations = fields["organizations"] { readStaff(organizations) } }
            guard let providers = fields["providers"] else { return report(root, "providers is missing") }
            guard let mapping = providers.mapping else { return report(providers, "providers is not a mapping") }
            for (key, value) in mapping {
                guard let id = key.string, Self.isIdentifier(id) else {
                    report(key, "a provider's name is 1 to 64 ASCII letters, digits, '-' or '_'")
                    continue
                }
                readProvider(id, value)
            }
        }

        private mutating func readStaff(_ node: Node) {
            let tokens = StaffTokens(node, providers: byToken)
            staffByToken = tokens.byToken
            for problem in tokens.problems { report(problem.node, problem.text) }
        }

        private mutating func readProvider(_ id: String, _ node: Node) {
            let name = "providers.\(id)"
            let known = ProviderLimits.keys.union(["organization", "tokens"])
            guard let fields = fields(of: node, name, known: known) else { return }
            var organization = ""
            if let text = fields["organization"]?.string, Self.isName(text) {
                organization = text
            } else {
                report(fields["organization"] ?? node, "\(name).organization is missing or not 1 to 128 characters")
            }
            limits[id] = ProviderLimits.read(fields) { report($0, "\(name).\($1)") }
            guard let tokens = fields["tokens"]?.sequence else {
                return report(fields["tokens"] ?? node, "\(name).tokens is missing or not a sequence")
            }
            let provider = Provider(id: id, organization: organization)
            for (index, token) in tokens.enumerated() {
                readToken("\(name).tokens[\(index)]", token, of: provider)
            }
        }

        private mutating func readToken(_ name: String, _ node: Node, of provider: Provider) {
            guard let fields = fields(of: node, name, known: ["sha256"]) else { return }
            guard let hash = fields["sha256"]?.scalar.flatMap({ TokenHash(hex: $0.string) }) else {
                return report(fields["sha256"] ?? node, "\(name).sha256 is missing or not 64 hexadecimal digits")
            }
            if let other = byToken[hash], other.id != provider.id {
                return report(node, "\(name) is also a token of providers.\(other.id)")
            }
            byToken[hash] = provider
        }

        /// The mapping's values by key; reports keys that nobody reads, which are most often misspelt ones.
        private mutating func fields(of node: Node, _ name: String, known: Set<String>) -> [String: Node]? {
            guard let mapping = node.mapping else {
                report(node, "\(name) is not a mapping")
                return nil
            }
            var fields: [String: Node] = [:]
            for (key, value) in mapping {
                guard let text = key.string, known.contains(text) else {
                    report(key, "\(name) has an unknown key \(key.string ?? "")")
                    continue
                }
                fields[text] = value
            }
            return fields
        }

        private mutating func report(_ node: Node, _ problem: String) {
            problems.append(node.mark.map { "line \($0.line): \(problem)" } ?? problem)
        }

        /// One word of a routing key, so that a provider can have a queue of its own.
        private static func isIdentifier(_ text: String) -> Bool {
            (1...64).contains(text.utf8.count)
                && text.unicodeScalars.allSatisfy { scalar in
                    scalar.isASCII
                        && (scalar.properties.isAlphabetic || scalar.properties.numericType != nil
                            || "-_".unicodeScalars.contains(scalar))
                }
        }

        private static func isName(_ text: String) -> Bool {
            (1...128).contains(text.count) && !text.allSatisfy(\.isWhitespace)
                && !text.unicodeScalars.contains { $0.properties.generalCategory == .control }
        }
    }
}
