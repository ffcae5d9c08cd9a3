import Contracts
import ServiceRuntime
import Yams

/// Walks the YAML tree of `providers.yaml`.
struct ProvidersReader: YAMLReading {
    var problems: [String] = []
    var byToken: [TokenHash: Provider] = [:]
    var staffByToken: [TokenHash: Staff] = [:]
    var limits: [String: ProviderLimits] = [:]

    mutating func read(_ bytes: [UInt8]) throws(FileProblems) -> ProviderDirectory {
        guard let root = try YAMLTree.root(of: bytes) else { throw FileProblems(["is empty"]) }
        if let top = fields(of: root, at: "", known: ["providers", "organizations"]) {
            if let providers = top["providers"] {
                for (id, node) in entries(of: providers, at: "providers") ?? [] { readProvider(id, node) }
            } else {
                report("providers", root, "is missing")
            }
            // After the providers: no token may belong to both.
            if let organizations = top["organizations"] { readStaff(organizations) }
        }
        guard problems.isEmpty else { throw FileProblems(problems) }
        return ProviderDirectory(byToken: byToken, limits: limits, staffByToken: staffByToken)
    }

    private mutating func readProvider(_ id: String, _ node: Node) {
        let path = "providers.\(Self.shown(id))"
        guard Self.isIdentifier(id) else {
            return report(path, node, "is no name of a provider: 1 to 64 ASCII letters, digits, '-' or '_'")
        }
        let known = ["organization", "tokens"] + Self.limitKeys
        guard let fields = fields(of: node, at: path, known: known) else { return }
        var organization = ""
        if let text = fields["organization"]?.string, Self.isName(text) {
            organization = text
        } else {
            report("\(path).organization", fields["organization"] ?? node, "is missing or not 1 to 128 characters")
        }
        limits[id] = limits(fields, at: path)
        let provider = Provider(id: id, organization: organization)
        for (path, token) in tokens(fields, of: node, at: path) { readToken(token, of: provider, at: path) }
    }

    /// The elements of `tokens`, each with its path.
    mutating func tokens(_ fields: [String: Node], of parent: Node, at path: String) -> [(String, Node)] {
        let path = "\(path).tokens"
        guard let node = fields["tokens"] else {
            report(path, parent, "is missing")
            return []
        }
        return (elements(of: node, at: path) ?? []).enumerated().map { ("\(path)[\($0)]", $1) }
    }

    /// The hash of a token's entry; `nil`, and reported, when it has none.
    mutating func hash(_ fields: [String: Node], of parent: Node, at path: String) -> TokenHash? {
        let hash = fields["sha256"]?.scalar.flatMap { TokenHash(hex: $0.string) }
        if hash == nil {
            report("\(path).sha256", fields["sha256"] ?? parent, "is missing or not 64 hexadecimal digits")
        }
        return hash
    }

    private mutating func readToken(_ node: Node, of provider: Provider, at path: String) {
        guard let fields = fields(of: node, at: path, known: ["sha256"]), let hash = hash(fields, of: node, at: path)
        else { return }
        if let other = byToken[hash], other.id != provider.id {
            return report(path, node, "is also a token of providers.\(other.id)")
        }
        byToken[hash] = provider
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
        (1...128).contains(text.count) && !text.isBlank
            && !text.unicodeScalars.contains { $0.properties.generalCategory == .control }
    }
}
