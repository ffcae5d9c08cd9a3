import HTTPExchange

extension GeocoderFailure {
    static let tooLong = GeocoderFailure(
        kind: .unreadable, code: "too-long", message: "The answer is longer than 256 KiB.")
    static let cutOff = GeocoderFailure(
        kind: .unreadable, code: "cut-off", message: "The connection ended in the middle of the answer.")

    /// Classifies what the HTTP client threw. The client's own descriptions are not passed on: they can hold the URL.
    init(_ error: any Error) {
        if let failure = error as? GeocoderFailure {
            self = failure
            return
        }
        switch NetworkFailure(error) {
        case .stopping: self = .stopping
        case .timeout: self = Self.away("timeout", "The service did not answer in time.")
        case .connectTimeout:
            self = Self.away("connect-timeout", "No connection to the service came about in time.")
        case .connectionRefused:
            self = Self.away("connection-refused", "Nobody accepts connections at the service's address.")
        case .reset: self = Self.away("reset", "The connection ended before an answer.")
        case .dns: self = Self.away("dns", "The service's host name could not be resolved.")
        case .tls: self = Self.away("tls", "No secure connection to the service came about.")
        case .badAnswer:
            let message =
                (error as? BadAnswer).map { "The service's answer does not count: \($0)." }
                ?? "What the service answered is not HTTP."
            self.init(kind: .unreadable, code: "not-http", message: message)
        case .network, .unreachable, .proxy: self = Self.away("network", "The service could not be reached.")
        }
    }

    private static func away(_ code: String, _ message: String) -> GeocoderFailure {
        GeocoderFailure(kind: .away(retryAfter: nil), code: code, message: message)
    }
}
