import Synchronization

/// The deliveries of one consumer, across reconnects. It has one reader.
///
/// Prefetch is the bound of its buffer: the broker hands out no more than that many deliveries before it sees acks.
package struct Consumption: AsyncSequence, Sendable {
    package typealias Element = Delivery

    let id: Int
    let stream: AsyncStream<Delivery>
    let epoch: Epoch

    /// Counts the lives of the consumer's channel. What was delivered in an earlier one has gone back to the queue.
    final class Epoch: Sendable {
        let current = Atomic<Int>(0)
    }

    package func makeAsyncIterator() -> Iterator {
        Iterator(base: stream.makeAsyncIterator(), epoch: epoch)
    }

    package struct Iterator: AsyncIteratorProtocol {
        var base: AsyncStream<Delivery>.Iterator
        let epoch: Epoch

        /// The next delivery that can still be settled; `nil` when the consumer has been cancelled or the connection shut
        /// down, after everything that came before.
        package mutating func next() async -> Delivery? {
            await next(isolation: nil)
        }

        package mutating func next(isolation actor: isolated (any Actor)?) async -> Delivery? {
            while let delivery = await base.next(isolation: actor) {
                if delivery.receipt.epoch == epoch.current.load(ordering: .relaxed) { return delivery }
            }
            return nil
        }
    }
}
