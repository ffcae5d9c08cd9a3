package import Broker
package import Contracts

/// Publishes over a broker connection.
package struct BrokerPublisher: MessagePublisher {
    private let connection: Connection
    /// What messages give as their app id.
    private let application: String

    package init(_ connection: Connection, application: String) {
        self.connection = connection
        self.application = application
    }

    package func publish(_ message: EventMessage, exchange: String, routingKey: String) async throws {
        try await publish(Message(message, application: application), exchange: exchange, routingKey: routingKey)
    }

    /// Publishes a message as it is, for copies of what was delivered.
    /// - Throws: `PublishFailure`, `CancellationError`.
    func publish(_ message: Message, exchange: String, routingKey: String) async throws {
        do {
            try await connection.publish(message, exchange: exchange, routingKey: routingKey)
        } catch let error as BrokerError {
            switch error.code {
            case .unroutable: throw PublishFailure(.unroutable)
            case .closed: throw PublishFailure(.stopped)
            default: throw PublishFailure(.refused)
            }
        }
    }
}
