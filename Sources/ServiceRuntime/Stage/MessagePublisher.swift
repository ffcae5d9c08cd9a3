package import Contracts

/// Publishes and waits until the broker has taken the message into every queue that it belongs in.
package protocol MessagePublisher: Sendable {
    /// Returns when the broker has confirmed. While the connection is away it waits and publishes again under the same
    /// message id.
    /// - Throws: `PublishFailure` when no queue takes the message or the broker refuses it; `CancellationError`.
    func publish(_ message: EventMessage, exchange: String, routingKey: String) async throws
}

/// A publish that the broker did not take.
package struct PublishFailure: Error, Sendable, Equatable, CustomStringConvertible {
    package enum Reason: String, Sendable {
        /// No queue is bound for it (AMQP basic.return).
        case unroutable
        /// A queue refused it, e.g. because it is full (AMQP basic.nack).
        case refused
        /// The publisher has been shut down.
        case stopped
    }

    package var reason: Reason
    package init(_ reason: Reason) { self.reason = reason }
    package var description: String { "publish \(reason.rawValue)" }
}
