/// What a broker lets an account do, as regular expressions over names (https://www.rabbitmq.com/docs/access-control).
/// Names of queues and of exchanges are looked at alike.
package struct AccountPermissions: Sendable, Equatable {
    /// What it may declare and delete.
    package var configure: NamePattern
    /// Exchanges that it may publish to; queues that it may bind.
    package var write: NamePattern
    /// Queues that it may consume; exchanges that it may bind queues to.
    package var read: NamePattern
    /// One for each topic exchange that it may write to or read: without one, every routing key is allowed.
    package var topics: [Topic]

    /// Which routing keys of a topic exchange.
    package struct Topic: Sendable, Equatable {
        package var exchange: String
        /// Keys that it may publish by.
        package var write: NamePattern
        /// Keys that it may bind queues by.
        package var read: NamePattern
    }
}
