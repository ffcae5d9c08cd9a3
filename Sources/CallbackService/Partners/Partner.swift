import ServiceRuntime

/// A partner system that is told what was decided.
struct Partner: Sendable, Equatable {
    /// The whole time that one attempt may take, from looking up the host to the end of the answer, unless the file
    /// says otherwise.
    static let defaultTimeout = Duration.seconds(15)
    /// What the file may say: less fails on any network, more would outlast the drain of a process that stops.
    static let timeouts = Duration.milliseconds(100) ... .seconds(60)

    /// The id that the operator gave it.
    var id: String
    let url: URLTemplate
    /// The value of the `Authorization` header, as it is; `nil` for a partner that asks for none.
    var authorization: Secret?
    /// What else goes along with every callback.
    var headers: [Header] = []
    /// The keys that callbacks are signed with; none for a partner that checks no signature.
    var signingSecrets: [SigningSecret] = []
    var timeout: Duration = Self.defaultTimeout
    /// What counts as the partner's receipt.
    var receipt = ReceiptRule()
    /// Statuses that say that the partner will never take a callback, beside 410: nothing is sent a second time after
    /// them.
    var permanent: Set<Int> = []
    var body = CallbackBody()
    /// How many callbacks may be under way at once; `nil` for the service's default.
    var concurrency: Int?
    /// Attempts per second at most; `nil` for no limit.
    var rate: Double?
    /// What of the usual hygiene does not apply.
    let allowances: Set<Allowance>
    /// What connections to it depend on. Held, not computed: every callback asks.
    let endpoint: Endpoint

    /// A header with the same value in every callback.
    struct Header: Sendable, Equatable {
        var name: String
        var value: Secret
    }

    /// What a partner may have that others may not, in the file's words.
    enum Allowance: String, Sendable, CaseIterable {
        /// Connections without TLS.
        case http
        /// The operator's own networks; see `AddressRule`.
        case privateNetworks = "private-networks"
    }

    init(
        id: String, url: URLTemplate, authorization: Secret? = nil, headers: [Header] = [],
        signingSecrets: [SigningSecret] = [], timeout: Duration = Self.defaultTimeout,
        receipt: ReceiptRule = ReceiptRule(), permanent: Set<Int> = [], body: CallbackBody = CallbackBody(),
        concurrency: Int? = nil,
        rate: Double? = nil, allowances: Set<Allowance> = [], certificateAuthorities: [UInt8]? = nil,
        proxy: Endpoint.Proxy? = nil
    ) {
        self.id = id
        self.url = url
        self.authorization = authorization
        self.headers = headers
        self.signingSecrets = signingSecrets
        self.timeout = timeout
        self.receipt = receipt
        self.permanent = permanent
        self.body = body
        self.concurrency = concurrency
        self.rate = rate
        self.allowances = allowances
        endpoint = Endpoint(
            host: url.host, isSecure: url.isSecure,
            addresses: AddressRule(allowsPrivateNetworks: allowances.contains(.privateNetworks)),
            certificateAuthorities: certificateAuthorities, proxy: proxy, connections: concurrency)
    }
}
