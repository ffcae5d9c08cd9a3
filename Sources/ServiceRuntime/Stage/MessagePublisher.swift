package import Contracts

/// Publishes and waits until the broker has taken the messages into every queue that they belong in.
package protocol MessagePublisher: Sendable {
    /// Publishes messages in their order, each by its own routing key, and returns when the broker has said of each
    /// whether it took it. While the connection is away it waits and publishes again under the same message ids.
    /// - Returns: those that were not taken.
    /// - Throws: `CancellationError`.
    func publish(_ messages: [EventMessage], exchange: String) async throws -> [PublishFailure]
}

/// A message that the broker did not take.
package struct PublishFailure: Error, Sendable, Equatable, CustomStringConvertible {
    package enum Reason: String, Sendable {
        /// No queue is bound for it (AMQP basic.return).
        case unroutable
        /// A queue refused it, e.g. because it is full (AMQP basic.nack).
        case refused
        /// It can never be sent: its headers do not fit into a frame, or a name is too long.
        case tooLarge = "too-large"
        /// The publisher has been shut down.
        case stopped
    }

    package var reason: Reason
    /// The message's place among those that were published together.
    package var index: Int

    package init(_ reason: Reason, index: Int = 0) {
        self.reason = reason
        self.index = index
    }

    package var description: String { "publish \(reason.rawValue)" }
}
