import Contracts
import ServiceRuntime
import Yams

extension ProviderDirectory {
    /// Reads `providers.yaml`:
    ///
    /// ```yaml
    /// providers:
    ///   example-portal:              # 1 to 64 ASCII letters, digits, '-', '_'
    ///     organization: example-org  # the organisation that it works for, 1 to 128 characters
    ///     tokens:                    # any number, so that they can be rotated; none locks the provider out
    ///       - sha256: 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08
    ///     rate: 50/s      # optional: submissions in the long run, for each s, m or h; more are answered with 429
    ///     burst: 100      # submissions at once after a pause; a second's worth unless given
    ///     in_flight: 64   # submissions under way at once
    /// organizations:                 # optional: who may look at an organisation's requests
    ///   example-org:                 # as the providers that work for it name it
    ///     contact: either            # optional: phone or e-mail is enough; both unless given
    ///     tokens:                    # any number; none locks its staff out
    ///       - {sha256: 9f86…, may: read}   # to look at requests
    ///       - {sha256: 60f5…, may: write}  # to change their status, too
    /// ```
    ///
    /// - Throws: `FileProblems`: all of them, each with its path in the file and its line.
    static func parse(_ bytes: [UInt8]) throws(FileProblems) -> ProviderDirectory {
        var reader = ProvidersReader()
        return try reader.read(bytes)
    }
}

/// Walks the YAML tree of `providers.yaml`.
struct ProvidersReader: YAMLReading {
    var problems: [String] = []
    var byToken: [TokenHash: Provider] = [:]
    var staffByToken: [TokenHash: Staff] = [:]
    var limits: [String: ProviderLimits] = [:]
    var contacts: [String: ContactRule] = [:]

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
        return ProviderDirectory(byToken: byToken, limits: limits, staffByToken: staffByToken, contacts: contacts)
    }

    private mutating func readProvider(_ id: String, _ node: Node) {
        let path = "providers.\(Self.shown(id))"
        guard Self.isIdentifier(id) else {
            return report(path, node, "is no name of a provider: 1 to 64 ASCII letters, digits, '-' or '_'")
        }
        let known = ["organization", "tokens"] + Self.limitKeys
        guard let fields = fields(of: node, at: path, known: known) else { return }
        var organization = ""
        if let text = YAMLTree.text(fields["organization"]), Self.isName(text) {
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

/// How much a provider may send.
extension ProvidersReader {
    static let limitKeys = ["rate", "burst", "in_flight"]

    mutating func limits(_ fields: [String: Node], at path: String) -> ProviderLimits {
        var limits = ProviderLimits()
        if let node = fields["rate"] {
            limits.rate = node.scalar.flatMap { ProviderLimits.Rate($0.string) }
            if limits.rate == nil {
                report("\(path).rate", node, "is not a number for each second, minute or hour: 50/s, 600/m")
            }
        }
        limits.burst = count(fields["burst"], in: 1...1_000_000, at: "\(path).burst")
        limits.inFlight = count(fields["in_flight"], in: 1...1_000_000, at: "\(path).in_flight")
        if let node = fields["burst"], fields["rate"] == nil {
            report("\(path).burst", node, "says nothing without rate")
        }
        return limits
    }
}

extension ProviderLimits.Rate {
    /// `50/s`, `600/m`, `10000/h`.
    init?(_ text: String) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, let count = Int(foreign: parts[0], in: 1...1_000_000) else { return nil }
        switch parts[1] {
        case "s": self.init(count: count, per: .seconds(1))
        case "m": self.init(count: count, per: .seconds(60))
        case "h": self.init(count: count, per: .seconds(3600))
        default: return nil
        }
    }
}

/// Who may look at an organisation's requests, by token.
extension ProvidersReader {
    mutating func readStaff(_ node: Node) {
        for (organization, node) in entries(of: node, at: "organizations") ?? [] {
            let path = "organizations.\(Self.shown(organization))"
            guard (1...128).contains(organization.count) else {
                report(path, node, "is no name of an organisation: 1 to 128 characters")
                continue
            }
            guard let fields = fields(of: node, at: path, known: ["tokens", "contact"]) else { continue }
            if let contact = fields["contact"] {
                contacts[organization] = contact.scalar.flatMap { ContactRule(rawValue: $0.string) }
                if contacts[organization] == nil { report("\(path).contact", contact, "is neither both nor either") }
                // Its staff may sign in by themselves alone.
                guard fields["tokens"] != nil else { continue }
            }
            for (path, token) in tokens(fields, of: node, at: path) { readToken(token, of: organization, at: path) }
        }
    }

    private mutating func readToken(_ node: Node, of organization: String, at path: String) {
        guard let fields = fields(of: node, at: path, known: ["sha256", "may"]) else { return }
        let hash = hash(fields, of: node, at: path)
        let may = fields["may"]?.scalar.flatMap { Staff.Permission(rawValue: $0.string) }
        if may == nil { report("\(path).may", fields["may"] ?? node, "is missing or neither read nor write") }
        guard let hash, let may else { return }
        if let provider = byToken[hash] { return report(path, node, "is also a token of providers.\(provider.id)") }
        let staff = Staff(organization: organization, may: may)
        if let other = staffByToken[hash], other != staff {
            return report(
                path, node, "is also a token of organizations.\(other.organization) that may \(other.may.rawValue)")
        }
        staffByToken[hash] = staff
    }
}
