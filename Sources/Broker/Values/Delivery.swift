/// A message that the broker has handed to a consumer, to be settled with `Connection.acknowledge` or `.reject`.
package final class Delivery: Sendable {
    package let message: Message
    package let exchange: String
    package let routingKey: String
    /// It was handed to somebody before.
    package let isRedelivered: Bool
    /// The body was larger than the configuration allows and is left out: reject it, the broker keeps the whole.
    package let isOversized: Bool
    /// Names the delivery on its channel.
    package let receipt: Receipt

    init(
        message: Message, exchange: String, routingKey: String, isRedelivered: Bool, isOversized: Bool, receipt: Receipt
    ) {
        self.message = message
        self.exchange = exchange
        self.routingKey = routingKey
        self.isRedelivered = isRedelivered
        self.isOversized = isOversized
        self.receipt = receipt
    }

    /// A delivery tag means something only on the life of the channel that it came over.
    package struct Receipt: Sendable, Hashable {
        let consumer: Int
        let epoch: Int
        let tag: UInt64
    }
}
