/// Exchanges, queues and bindings that a connection declares each time that it connects.
package struct TopologyDeclaration: Sendable, Equatable {
    package var exchanges: [Exchange] = []
    package var queues: [Queue] = []
    package var bindings: [Binding] = []

    package init() {}

    package struct Exchange: Sendable, Equatable {
        package var name: String
        /// `direct`, `topic`, `fanout` or `headers`.
        package var kind: String

        package init(name: String, kind: String) {
            self.name = name
            self.kind = kind
        }
    }

    package struct Queue: Sendable, Equatable {
        package var name: String
        package var isDurable: Bool
        package var isExclusive: Bool
        package var arguments: FieldTable

        package init(name: String, isDurable: Bool = true, isExclusive: Bool = false, arguments: FieldTable = [:]) {
            self.name = name
            self.isDurable = isDurable
            self.isExclusive = isExclusive
            self.arguments = arguments
        }
    }

    package struct Binding: Sendable, Equatable {
        package var queue: String
        package var exchange: String
        package var routingKey: String

        package init(queue: String, exchange: String, routingKey: String) {
            self.queue = queue
            self.exchange = exchange
            self.routingKey = routingKey
        }
    }
}
