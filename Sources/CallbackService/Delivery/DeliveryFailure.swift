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
        /// The TLS handshake failed, e.g. on an expired certificate.
        static let tls = Code(rawValue: "tls")
        /// The connection ended before the answer was complete.
        static let reset = Code(rawValue: "reset")
        /// What came was not HTTP.
        static let badAnswer = Code(rawValue: "bad-answer")
        /// Anything else between here and the partner.
        static let network = Code(rawValue: "network-error")
        /// This process is stopping.
        static let stopping = Code(rawValue: "stopping")
        /// The partner answered with a status other than 2xx.
        static func http(_ status: Int) -> Code { Code(rawValue: "http-\(status)") }
    }

    var code: Code
    /// One sentence for people: no URL, no header, nothing of the partner's answer but its status.
    var message: String
    /// How long the partner asked to be left alone.
    var retryAfter: Duration?

    var description: String { "\(code.rawValue): \(message)" }
}
