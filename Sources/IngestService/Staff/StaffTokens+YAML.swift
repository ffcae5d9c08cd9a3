import Yams

/// Reads `organizations` of `providers.yaml`:
///
/// ```yaml
/// organizations:
///   example-org:            # as the providers that work for it name it
///     tokens:               # any number; none locks its staff out
///       - {sha256: 9f86…, may: read}   # to look at requests
///       - {sha256: 60f5…, may: write}  # to change their status, too
/// ```
///
/// Collects what is wrong instead of stopping at it.
struct StaffTokens {
    private(set) var byToken: [TokenHash: Staff] = [:]
    /// What is wrong, and where.
    private(set) var problems: [(node: Node, text: String)] = []

    /// - Parameter providers: whose tokens are taken.
    init(_ node: Node, providers: [TokenHash: Provider]) {
        guard let mapping = node.mapping else {
            report(node, "organizations is not a mapping")
            return
        }
        for (key, value) in mapping {
            guard let organization = key.string, (1...128).contains(organization.count) else {
                report(key, "an organization's name is 1 to 128 characters")
                continue
            }
            read(organization, value, providers)
        }
    }

    private mutating func read(_ organization: String, _ node: Node, _ providers: [TokenHash: Provider]) {
        let name = "organizations.\(organization)"
        guard let fields = fields(of: node, name, known: ["tokens"]) else { return }
        guard let tokens = fields["tokens"]?.sequence else {
            return report(fields["tokens"] ?? node, "\(name).tokens is missing or not a sequence")
        }
        for (index, token) in tokens.enumerated() {
            read("\(name).tokens[\(index)]", token, of: organization, providers)
        }
    }

    private mutating func read(
        _ name: String, _ node: Node, of organization: String, _ providers: [TokenHash: Provider]
    ) {
        guard let fields = fields(of: node, name, known: ["sha256", "may"]) else { return }
        let hash = fields["sha256"]?.scalar.flatMap { TokenHash(hex: $0.string) }
        let may = fields["may"]?.scalar.flatMap { Staff.Permission(rawValue: $0.string) }
        if hash == nil { report(fields["sha256"] ?? node, "\(name).sha256 is missing or not 64 hexadecimal digits") }
        if may == nil { report(fields["may"] ?? node, "\(name).may is missing or neither read nor write") }
        guard let hash, let may else { return }
        if let provider = providers[hash] {
            return report(node, "\(name) is also a token of providers.\(provider.id)")
        }
        let staff = Staff(organization: organization, may: may)
        if let other = byToken[hash], other != staff {
            let whose = "organizations.\(other.organization) that may \(other.may.rawValue)"
            return report(node, "\(name) is also a token of \(whose)")
        }
        byToken[hash] = staff
    }

    private mutating func fields(of node: Node, _ name: String, known: Set<String>) -> [String: Node]? {
        guard let mapping = node.mapping else {
            report(node, "\(name) is not a mapping")
            return nil
        }
        var fields: [String: Node] = [:]
        for (key, value) in mapping {
            if let text = key.string, known.contains(text) {
                fields[text] = value
            } else {
                report(key, "\(name) has an unknown key \(key.string ?? "")")
            }
        }
        return fields
    }

    private mutating func report(_ node: Node, _ text: String) { problems.append((node, text)) }
}
