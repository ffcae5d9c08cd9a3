import Contracts

/// One attempt to tell a partner that did not end with a receipt.
struct DeliveryFailure: Error, Sendable, Equatable, CustomStringConvertible {
    /// What class of failure it was. Stable: it shows on the job.
    struct Code: RawRepresentable, Sendable, Hashable {
        var rawValue: String
        init(rawValue: String) { self.rawValue = rawValue }

        /// Nobody listens there.
        static let connectionRefused = Code(rawValue: "connection-refused")
        /// There is no way to the host.
        static let unreachable = Code(rawValue: "unreachable")
        /// No connection came about in time.
        static let connectTimeout = Code(rawValue: "connect-timeout")
        /// The answer was not complete within the partner's timeout.
        static let timeout = Code(rawValue: "timeout")
        /// The host's name has no address, or the resolver is away.
        static let dns = Code(rawValue: "dns")
        /// The host has an address that callbacks must not go to.
        static let addressForbidden = Code(rawValue: "address-forbidden")
        /// The TLS handshake failed, e.g. on an expired certificate.
        static let tls = Code(rawValue: "tls")
        /// The proxy did not connect to the partner.
        static let proxy = Code(rawValue: "proxy")
        /// The connection ended before the answer was complete.
        static let reset = Code(rawValue: "reset")
        /// What came was not HTTP.
        static let badAnswer = Code(rawValue: "bad-answer")
        /// The partner answered, but with no receipt by the rule of its entry.
        static let noReceipt = Code(rawValue: "no-receipt")
        /// The partner pointed elsewhere, which callbacks do not follow.
        static let redirected = Code(rawValue: "redirected")
        /// Anything else between here and the partner.
        static let network = Code(rawValue: "network-error")
        /// This process is stopping.
        static let stopping = Code(rawValue: "stopping")
        /// The partner answered with a status that is no receipt.
        static func http(_ status: Int) -> Code { Code(rawValue: "http-\(status)") }
    }

    var code: Code
    /// One sentence for people: no URL, no header, nothing of the partner's answer but its status.
    var message: String
    /// What became of the attempt beside its failing.
    var verdict = Verdict.tryAgain
    /// How long the partner asked to be left alone.
    var retryAfter: Duration?
    /// The partner's answer, if one came.
    var status: Int?
    /// How the partner's answer begins; see `Excerpt`.
    var excerpt: String?
    /// By which protocol the partner was asked; `nil` where no connection came about, and behind a proxy.
    var addressFamily: AddressFamily?
    /// What an operator may read and the partner may not; `nil` when there is nothing to add.
    var detail: String?

    /// What a failure means for the attempts to come.
    enum Verdict: Sendable, Equatable {
        /// The next attempt may succeed.
        case tryAgain
        /// The next attempt succeeds only when somebody has mended something, here or there: an operator is told, and
        /// the partner is not asked more often than every hour.
        case needsOperator
        /// The partner will never take it.
        case final
    }

    /// Whether there was not even a connection: another address may do.
    var isOfConnecting: Bool {
        switch code {
        case .connectionRefused, .unreachable, .connectTimeout: true
        default: false
        }
    }

    var description: String { "\(code.rawValue): \(message)" }
}
