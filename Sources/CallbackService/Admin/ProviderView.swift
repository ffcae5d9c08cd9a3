import struct Foundation.Date

/// A partner's entry as operators see it: no secret, and no path of a URL, which may hold one.
struct ProviderView: Encodable {
    var provider: String
    var origin: String
    var timeoutMs: Int
    /// Absent for the service's default.
    var concurrency: Int?
    /// Attempts per second; absent without a limit.
    var rate: Double?
    var allow: [String]
    /// How many there are.
    var signingSecrets: Int
    /// By which an operator and a partner can tell, without showing them, whether they mean the same.
    var signingSecretIds: [String]
    /// Those of them whose place another has taken.
    var endingSecrets: [EndingSecret]
    var authorization: Bool
    /// Names alone.
    var headers: [String]
    var detail: String
    var receipt: String
    var proxy: String?
    var circuit: String?
    /// Absent as long as callbacks go out.
    var paused: Paused?

    struct Paused: Encodable {
        var since: Date
        var by: String
        var why: String?
    }

    struct EndingSecret: Encodable {
        var id: String
        var until: Date
    }

    /// - Parameters:
    ///   - partner: as the file has it.
    ///   - secrets: what signs for it now.
    init(_ partner: Partner, secrets: [SecretRotations.Current], circuit: String?, pause: CallbackPause?) {
        provider = partner.id
        origin = partner.url.origin
        timeoutMs = partner.timeout.wholeMilliseconds
        concurrency = partner.concurrency
        rate = partner.rate
        allow = partner.allowances.map(\.rawValue).sorted()
        signingSecrets = secrets.count
        signingSecretIds = secrets.map(\.secret.id)
        endingSecrets = secrets.compactMap { current in
            current.until.map { EndingSecret(id: current.secret.id, until: $0) }
        }
        authorization = partner.authorization != nil
        headers = partner.headers.map(\.name)
        detail = partner.body.detail.rawValue
        receipt = partner.receipt.description
        proxy = partner.endpoint.proxy?.description
        self.circuit = circuit
        paused = pause.map { Paused(since: $0.since, by: $0.by, why: $0.why) }
    }
}

/// A secret that was just put in the place of others: the only answer that shows one.
struct RotatedSecretView: Encodable {
    var provider: String
    var secret: String
    var signingSecretIds: [String]
    var endingSecrets: [ProviderView.EndingSecret]
}

/// Who is told of trouble, as operators see it.
struct RecipientView: Encodable {
    var recipient: String
    var origin: String
    /// Whose trouble; absent for everybody's.
    var providers: [String]?
    /// For whom those work; absent for anybody.
    var organizations: [String]?
    var on: [String]
    var signingSecretIds: [String]
    var circuit: String?

    init(_ recipient: AlertRecipient, circuit: String?) {
        self.recipient = recipient.endpoint.id
        origin = recipient.endpoint.url.origin
        providers = recipient.providers?.sorted()
        organizations = recipient.organizations?.sorted()
        on = Alert.Kind.allCases.filter(recipient.kinds.contains).map(\.rawValue)
        signingSecretIds = recipient.endpoint.signingSecrets.map(\.id)
        self.circuit = circuit
    }
}
