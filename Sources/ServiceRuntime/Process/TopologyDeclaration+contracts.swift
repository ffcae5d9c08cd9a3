package import Broker
package import Contracts

extension TopologyDeclaration {
    /// The contract's topology as the broker client declares it.
    package init(_ declarations: Declarations) {
        self.init()
        exchanges = declarations.exchanges.map { Exchange(name: $0.name, kind: $0.kind) }
        queues = declarations.queues.map {
            Queue(
                name: $0.name,
                arguments: FieldTable(
                    $0.arguments.map { FieldTable.Field(name: $0.key, value: FieldValue($0.value)) }))
        }
        bindings = declarations.bindings.map {
            Binding(queue: $0.queue, exchange: $0.exchange, routingKey: $0.routingKey)
        }
    }
}
