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

    init(_ partner: Partner, circuit: String?, pause: CallbackPause?) {
        provider = partner.id
        origin = partner.url.origin
        timeoutMs = partner.timeout.wholeMilliseconds
        concurrency = partner.concurrency
        rate = partner.rate
        allow = partner.allowances.map(\.rawValue).sorted()
        signingSecrets = partner.signingSecrets.count
        signingSecretIds = partner.signingSecrets.map(\.id)
        authorization = partner.authorization != nil
        headers = partner.headers.map(\.name)
        detail = partner.body.detail.rawValue
        receipt = partner.receipt.description
        proxy = partner.endpoint.proxy?.description
        self.circuit = circuit
        paused = pause.map { Paused(since: $0.since, by: $0.by, why: $0.why) }
    }
}
