/// Exchanges, queues and bindings that a connection declares each time that it connects.
package struct TopologyDeclaration: Sendable, Equatable {
    package var exchanges: [Exchange] = []
    package var queues: [Queue] = []
    package var bindings: [Binding] = []
    package var exchangeBindings: [ExchangeBinding] = []
    /// Taken away at the end. One that is not there is none the less taken away.
    package var unbindings: [Binding] = []

    package init() {}

    package struct Exchange: Sendable, Equatable {
        package var name: String
        /// `direct`, `topic`, `fanout`, `headers`, or what a plug-in brings.
        package var kind: String
        package var arguments: FieldTable

        package init(name: String, kind: String, arguments: FieldTable = [:]) {
            self.name = name
            self.kind = kind
            self.arguments = arguments
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

    /// What one exchange passes on to another (https://www.rabbitmq.com/docs/e2e).
    package struct ExchangeBinding: Sendable, Equatable {
        package var destination: String
        package var source: String
        package var routingKey: String

        package init(destination: String, source: String, routingKey: String) {
            self.destination = destination
            self.source = source
            self.routingKey = routingKey
        }
    }

    /// What a queue needs to be there and to be reached: itself, its bindings, and the exchanges that they name.
    func part(ofQueue name: String) -> TopologyDeclaration {
        var part = TopologyDeclaration()
        part.queues = queues.filter { $0.name == name }
        part.bindings = bindings.filter { $0.queue == name }
        part.unbindings = unbindings.filter { $0.queue == name }
        part.exchanges = exchanges.filter { exchange in part.bindings.contains { $0.exchange == exchange.name } }
        return part
    }
}

/// What a connection declares instead of its topology where an exchange is on the broker already: others have gone on
/// to it, and the old one would contradict it.
package struct TopologySuccessor: Sendable, Equatable {
    /// The exchange, which is among the first things that the others declare.
    package var mark: String
    package var topology: TopologyDeclaration

    package init(mark: String, topology: TopologyDeclaration) {
        self.mark = mark
        self.topology = topology
    }
}
