import Contracts
import ServiceRuntime
import Yams

/// Who is told of trouble.
extension PartnersReader {
    private static let recipientKeys = [
        "url", "authorization", "authorization_file", "authorization_env", "headers", "signing_secrets",
        "signing_secrets_file", "signing_secrets_env", "timeout", "rate", "allow", "ca_file", "proxy", "providers",
        "organizations", "on",
    ]

    /// - Parameter partners: the names of the file's partners, as far as they could be read.
    mutating func recipients(_ node: Node, partners: Set<String>) -> [String: AlertRecipient] {
        var recipients: [String: AlertRecipient] = [:]
        for (name, node) in entries(of: node, at: "notify") ?? [] {
            let path = "notify.\(Self.shown(name))"
            guard Topology.isPartition(name) else {
                report(path, node, "is no name: 1 to 128 letters, digits, '-' or '_', neither dead nor retry")
                continue
            }
            guard !partners.contains(name) else {
                report(path, node, "is also the name of a provider: each has a queue of that name")
                continue
            }
            if let recipient = recipient(name, node, partners, at: path) { recipients[name] = recipient }
        }
        return recipients
    }

    private mutating func recipient(
        _ name: String, _ node: Node, _ partners: Set<String>, at path: String
    ) -> AlertRecipient? {
        let before = problems.count
        guard let keys = fields(of: node, at: path, known: Self.recipientKeys) else { return nil }
        let allowances = allowances(keys["allow"], at: "\(path).allow")
        let proxy = proxy(keys["proxy"], at: "\(path).proxy")
        let url = url(keys["url"], of: node, allowances, isFixed: true, at: path)
        let authorization = authorization(keys, of: node, at: path)
        let headers = headers(keys["headers"], at: "\(path).headers")
        let signingSecrets = signingSecrets(keys, of: node, at: path)
        let timeout = timeout(keys["timeout"], at: "\(path).timeout")
        let rate = rate(keys["rate"], at: "\(path).rate")
        let authorities = certificateAuthorities(keys["ca_file"], at: "\(path).ca_file")
        let providers = providers(keys["providers"], partners, at: "\(path).providers")
        let organizations = organizations(keys["organizations"], at: "\(path).organizations")
        let kinds = kinds(keys["on"], at: "\(path).on")
        guard problems.count == before, let url, let timeout else { return nil }
        return AlertRecipient(
            endpoint: Partner(
                id: name, url: url, authorization: authorization, headers: headers, signingSecrets: signingSecrets,
                timeout: timeout, concurrency: 4, rate: rate, allowances: allowances,
                certificateAuthorities: authorities, proxy: proxy),
            providers: providers, organizations: organizations, kinds: kinds)
    }

    /// - Returns: `nil` for all.
    private mutating func providers(_ node: Node?, _ partners: Set<String>, at path: String) -> Set<String>? {
        guard let node else { return nil }
        var names: Set<String> = []
        for (index, element) in (elements(of: node, at: path) ?? []).enumerated() {
            guard let name = text(element, at: "\(path)[\(index)]") else { continue }
            if !partners.contains(name) { report("\(path)[\(index)]", element, "is no provider of this file") }
            names.insert(name)
        }
        if names.isEmpty, node.sequence != nil { report(path, node, "names nobody; leave it out for all") }
        return names
    }

    /// Which there are is in other services' files: `intake check-config` compares them.
    /// - Returns: `nil` for all.
    private mutating func organizations(_ node: Node?, at path: String) -> Set<String>? {
        guard let node else { return nil }
        var names: Set<String> = []
        for (index, element) in (elements(of: node, at: path) ?? []).enumerated() {
            guard let name = text(element, at: "\(path)[\(index)]") else { continue }
            if name.utf8.count > 128 { report("\(path)[\(index)]", element, "is longer than 128 bytes") }
            names.insert(name)
        }
        if node.sequence?.isEmpty == true { report(path, node, "names nobody; leave it out for all") }
        return names
    }

    private mutating func kinds(_ node: Node?, at path: String) -> Set<Alert.Kind> {
        guard let node else { return Set(Alert.Kind.allCases) }
        let known = Alert.Kind.allCases.map(\.rawValue).joined(separator: ", ")
        var kinds: Set<Alert.Kind> = []
        for (index, element) in (elements(of: node, at: path) ?? []).enumerated() {
            guard let kind = element.scalar.flatMap({ Alert.Kind(rawValue: $0.string) }) else {
                report("\(path)[\(index)]", element, "must be one of \(known)")
                continue
            }
            kinds.insert(kind)
        }
        if kinds.isEmpty, node.sequence?.isEmpty == true { report(path, node, "names nothing; leave it out for all") }
        return kinds
    }
}
