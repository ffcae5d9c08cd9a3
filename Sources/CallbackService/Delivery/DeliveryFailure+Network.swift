import HTTPExchange

extension DeliveryFailure {
    /// Classifies what the HTTP client threw. The client's own descriptions are not passed on: they can hold the URL.
    init(_ error: any Error) {
        // Not the network's: the connection led where callbacks must not go.
        let isStray = error is PinnedClient.StrayConnection
        self.init(isStray ? .addressForbidden : Code(rawValue: NetworkFailure(error).rawValue))
        if let reason = error as? BadAnswer, reason != .notHTTP {
            message = "The partner's answer does not count: \(reason)."
        }
    }

    init(_ code: Code) {
        self.init(
            code: code, message: Self.sentence(code), verdict: code == .addressForbidden ? .needsOperator : .tryAgain)
    }

    private static func sentence(_ code: Code) -> String {
        switch code {
        case .connectionRefused: "Nobody accepts connections at the partner's address."
        case .unreachable: "There is no way to the partner's address."
        case .connectTimeout: "No connection to the partner came about in time."
        case .timeout: "The partner did not answer in time."
        case .dns: "The partner's host name could not be resolved."
        case .addressForbidden: "The partner's host has an address that callbacks must not go to."
        case .proxy: "The proxy did not connect to the partner."
        case .tls: "No secure connection to the partner came about."
        case .reset: "The connection ended before the partner's answer was complete."
        case .badAnswer: "What the partner answered is not HTTP."
        case .stopping: "The service is stopping."
        default: "The partner could not be reached."
        }
    }
}
