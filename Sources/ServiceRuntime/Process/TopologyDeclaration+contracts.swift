package import Broker
package import Contracts

extension TopologyDeclaration {
    /// The contract's topology as the broker client declares it.
    package init(_ declarations: Declarations) {
        self.init()
        exchanges = declarations.exchanges.map {
            Exchange(name: $0.name, kind: $0.kind, arguments: FieldTable($0.arguments))
        }
        queues = declarations.queues.map { Queue(name: $0.name, arguments: FieldTable($0.arguments)) }
        bindings = declarations.bindings.map {
            Binding(queue: $0.queue, exchange: $0.exchange, routingKey: $0.routingKey)
        }
        exchangeBindings = declarations.exchangeBindings.map {
            ExchangeBinding(destination: $0.destination, source: $0.source, routingKey: $0.routingKey)
        }
        unbindings = declarations.unbindings.map {
            Binding(queue: $0.queue, exchange: $0.exchange, routingKey: $0.routingKey)
        }
    }
}

extension TopologySuccessor {
    /// Of a topology without shards, where others have split their stages; `nil` for one that has shards itself.
    package init?(_ topology: Topology) {
        guard topology.shards == 1 else { return nil }
        let sharded = topology.sharded(2)
        self.init(mark: sharded.shardMark, topology: TopologyDeclaration(sharded.declarations))
    }
}

extension FieldTable {
    fileprivate init(_ arguments: [String: HeaderValue]) {
        self.init(arguments.sorted { $0.key < $1.key }.map { Field(name: $0.key, value: FieldValue($0.value)) })
    }
}
