import Logging
import ServiceRuntime

/// One queue of callbacks, and how it is worked on.
struct CallbackLane: Sendable {
    var queue: String
    /// Callbacks under way at a time; also the prefetch.
    var concurrency: Int
    /// `nil` for the queue of those who have none of their own.
    var endpoint: EndpointGuard?
    /// Who is told of trouble over it; `nil` for callbacks.
    var recipient: String?
}

extension CallbackLane {
    /// - Parameter concurrency: where the file names none.
    init(
        of provider: String, _ partner: Partner, concurrency: Int, queue: String, organizations: PartnerOrganizations,
        logger: Logger
    ) {
        self.queue = queue
        self.concurrency = partner.concurrency ?? concurrency
        endpoint = EndpointGuard(
            provider: provider, concurrency: self.concurrency, rate: partner.rate, organizations: organizations,
            logger: logger)
    }

    init(to name: String, _ recipient: AlertRecipient, queue: String, logger: Logger) {
        self.queue = queue
        concurrency = recipient.endpoint.concurrency ?? 1
        endpoint = EndpointGuard(
            provider: name, concurrency: concurrency, rate: recipient.endpoint.rate, isPartners: false, logger: logger)
        self.recipient = name
    }
}
