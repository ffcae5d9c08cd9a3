/// A message that the broker has handed to a consumer, to be settled with `Connection.acknowledge` or `.reject`.
package struct Delivery: Sendable {
    package var message: Message
    package var exchange: String
    package var routingKey: String
    /// It was handed to somebody before.
    package var isRedelivered: Bool
    /// The body was larger than the configuration allows and is left out: reject it, the broker keeps the whole.
    package var isOversized: Bool
    /// Names the delivery on its channel.
    package let receipt: Receipt

    /// A delivery tag means something only on the life of the channel that it came over.
    package struct Receipt: Sendable, Hashable {
        let consumer: Int
        let epoch: Int
        let tag: UInt64
    }
}
