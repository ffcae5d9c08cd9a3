/// What exists on the broker, as plain values: ServiceRuntime declares them, tests and documents read them.
package struct Declarations: Sendable, Equatable {
    package var exchanges: [Exchange] = []
    package var queues: [Queue] = []
    package var bindings: [Binding] = []
    package var exchangeBindings: [ExchangeBinding] = []
    /// What is taken away when all of it is there.
    package var unbindings: [Binding] = []

    package init() {}

    /// A durable exchange.
    package struct Exchange: Sendable, Equatable {
        package var name: String
        /// `topic`, `direct`, `fanout` or `x-consistent-hash`.
        package var kind: String
        /// Changing one needs a new exchange.
        package var arguments: [String: HeaderValue] = [:]
    }

    /// A durable queue.
    package struct Queue: Sendable, Equatable {
        package var name: String
        /// `x-…` arguments; changing one needs a new queue.
        package var arguments: [String: HeaderValue]
    }

    package struct Binding: Sendable, Equatable {
        package var queue: String
        package var exchange: String
        package var routingKey: String
    }

    /// What one exchange passes on to another (an extension of RabbitMQ's, https://www.rabbitmq.com/docs/e2e).
    package struct ExchangeBinding: Sendable, Equatable {
        package var destination: String
        package var source: String
        package var routingKey: String
    }
}
