/// What exists on the broker, as plain values: ServiceRuntime declares them, tests and documents read them.
package struct Declarations: Sendable, Equatable {
    package var exchanges: [Exchange] = []
    package var queues: [Queue] = []
    package var bindings: [Binding] = []

    /// A durable exchange.
    package struct Exchange: Sendable, Equatable {
        package var name: String
        /// `topic` or `direct`.
        package var kind: String
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
}
