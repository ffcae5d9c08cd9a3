import ServiceRuntime
import Yams

/// Walks the YAML tree of `callbacks.yaml` and collects what is wrong with it.
struct PartnersReader: SecretReading {
    let secrets: SecretSources
    var problems: [String] = []

    init(secrets: SecretSources) { self.secrets = secrets }

    mutating func read(_ bytes: [UInt8]) throws(FileProblems) -> Partners {
        var byID: [String: Partner] = [:]
        let top = try YAMLTree.root(of: bytes).map { fields(of: $0, at: "", known: ["providers", "notify"]) } ?? [:]
        if let providers = top?["providers"] {
            let entries = entries(of: providers, at: "providers") ?? []
            if entries.count > Self.most {
                report(
                    "providers", providers,
                    "has \(entries.count) entries, and at most \(Self.most) are taken: "
                        + "each has a channel to the broker, which gives 2,047 to a connection"
                )
            }
            for (id, node) in entries.prefix(Self.most) {
                if let partner = partner(id, node, at: "providers.\(id)") { byID[id] = partner }
            }
        } else if top != nil {
            problems.append("providers: is missing")
        }
        let names = Set(top?["providers"]?.mapping?.keys.compactMap { $0.scalar?.string } ?? [])
        let notified = top?["notify"].map { recipients($0, partners: names) } ?? [:]
        guard problems.isEmpty else { throw FileProblems(problems) }
        return Partners(byID: byID, recipients: notified)
    }

    /// Entries. A connection has 2,047 channels (RabbitMQ's default `channel_max`), and some do other work.
    static let most = 2000

    private static let keys = [
        "url", "authorization", "authorization_file", "authorization_env", "headers", "signing_secrets",
        "signing_secrets_file", "signing_secrets_env", "timeout", "receipt", "permanent", "body", "statuses",
        "concurrency", "rate",
        "allow", "ca_file", "proxy",
    ]

    private mutating func partner(_ id: String, _ node: Node, at path: String) -> Partner? {
        let before = problems.count
        guard let keys = fields(of: node, at: path, known: Self.keys) else { return nil }
        let allowances = allowances(keys["allow"], at: "\(path).allow")
        let proxy = proxy(keys["proxy"], at: "\(path).proxy")
        let url = url(keys["url"], of: node, allowances, at: path)
        let authorization = authorization(keys, of: node, at: path)
        let headers = headers(keys["headers"], at: "\(path).headers")
        let signingSecrets = signingSecrets(keys, of: node, at: path)
        let timeout = timeout(keys["timeout"], at: "\(path).timeout")
        let receipt = receipt(keys["receipt"], at: "\(path).receipt")
        let permanent = permanent(keys["permanent"], receipt, at: "\(path).permanent")
        let body = body(keys["body"], statuses: keys["statuses"], at: path)
        let concurrency = count(keys["concurrency"], in: 1...4096, at: "\(path).concurrency")
        let rate = rate(keys["rate"], at: "\(path).rate")
        let authorities = certificateAuthorities(keys["ca_file"], at: "\(path).ca_file")
        guard problems.count == before, let url, let timeout else { return nil }
        return Partner(
            id: id, url: url, authorization: authorization, headers: headers, signingSecrets: signingSecrets,
            timeout: timeout, receipt: receipt, permanent: permanent, body: body, concurrency: concurrency, rate: rate,
            allowances: allowances, certificateAuthorities: authorities, proxy: proxy)
    }
}
