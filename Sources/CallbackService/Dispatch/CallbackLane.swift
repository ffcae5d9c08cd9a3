import Logging
import ServiceRuntime

/// One queue of callbacks, and how it is worked on.
struct CallbackLane: Sendable {
    var queue: String
    /// Callbacks under way at a time; also the prefetch.
    var concurrency: Int
    /// `nil` for the queue of those who have none of their own.
    var endpoint: EndpointGuard?
}

extension CallbackLane {
    /// What waits for its turn waits in hand, and RabbitMQ takes away what is in hand for half an hour. Longer than an attempt
    /// can take, so that a slow partner gets its rate all the same.
    private static let longestTurn = 120.0

    /// - Parameter concurrency: where the file names none.
    init(of provider: String, _ partner: Partner, concurrency: Int, queue: String, logger: Logger) {
        self.queue = queue
        let wanted = partner.concurrency ?? concurrency
        let most = partner.rate.map { min(wanted, max(1, Int($0 * Self.longestTurn))) } ?? wanted
        self.concurrency = most
        endpoint = EndpointGuard(provider: provider, concurrency: most, rate: partner.rate, logger: logger)
    }
}
