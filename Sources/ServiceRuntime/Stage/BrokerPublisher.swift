package import Broker
package import Contracts

/// Publishes over a broker connection.
package struct BrokerPublisher: MessagePublisher {
    private let connection: Connection
    /// What messages give as their app id.
    let application: String

    package init(_ connection: Connection, application: String) {
        self.connection = connection
        self.application = application
    }

    package func publish(_ messages: [EventMessage], exchange: String) async throws -> [PublishFailure] {
        try await publish(
            messages.map {
                Publication(Message($0, application: application), exchange: exchange, routingKey: $0.routingKey)
            })
    }

    /// Publishes messages as they are, for copies of what was delivered.
    /// - Throws: `CancellationError`.
    func publish(_ publications: [Publication]) async throws -> [PublishFailure] {
        try await connection.publish(publications).map { unpublished in
            let reason: PublishFailure.Reason =
                switch unpublished.error.code {
                case .unroutable: .unroutable
                case .closed: .stopped
                case .messageTooLarge: .tooLarge
                default: .refused
                }
            return PublishFailure(reason, index: unpublished.index)
        }
    }
}
