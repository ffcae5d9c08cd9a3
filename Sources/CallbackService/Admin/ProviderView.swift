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
    var authorization: Bool
    /// Names alone.
    var headers: [String]
    var detail: String
    var receipt: String
    var proxy: String?
    var circuit: String?

    init(_ partner: Partner, circuit: String?) {
        provider = partner.id
        origin = partner.url.origin
        timeoutMs = partner.timeout.wholeMilliseconds
        concurrency = partner.concurrency
        rate = partner.rate
        allow = partner.allowances.map(\.rawValue).sorted()
        signingSecrets = partner.signingSecrets.count
        authorization = partner.authorization != nil
        headers = partner.headers.map(\.name)
        detail = partner.body.detail.rawValue
        receipt = partner.receipt.description
        proxy = partner.endpoint.proxy?.description
        self.circuit = circuit
    }
}
