package import Broker
package import Contracts

extension TopologyDeclaration {
    /// The contract's topology as the broker client declares it.
    package init(_ declarations: Declarations) {
        self.init()
        exchanges = declarations.exchanges.map { Exchange(name: $0.name, kind: $0.kind) }
        queues = declarations.queues.map {
            Queue(name: $0.name, arguments: $0.arguments.mapValues(FieldValue.init))
        }
        bindings = declarations.bindings.map {
            Binding(queue: $0.queue, exchange: $0.exchange, routingKey: $0.routingKey)
        }
    }
}
