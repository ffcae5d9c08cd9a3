import Synchronization

/// The deliveries of one consumer, across reconnects, one by one or in the batches that they came in. It has one
/// reader.
///
/// Prefetch is the bound of what waits here: the broker hands out no more than that many deliveries before it sees
/// acks.
package struct Consumption: AsyncSequence, Sendable {
    package typealias Element = Delivery

    let id: Int
    let inbox = Inbox()

    /// What came together stays together: an element is everything that has come since the last one, never empty.
    package var batches: Batches { Batches(inbox: inbox) }

    package func makeAsyncIterator() -> Iterator { Iterator(inbox: inbox) }

    /// Deliveries that can still be settled; ends when the consumer has been cancelled or the connection shut down,
    /// after everything that came before, or when the reader's task is cancelled.
    package struct Batches: AsyncSequence, AsyncIteratorProtocol, Sendable {
        let inbox: Inbox

        package func makeAsyncIterator() -> Batches { self }

        package func next() async -> [Delivery]? { await inbox.next(most: .max) }

        package func next(isolation actor: isolated (any Actor)?) async -> [Delivery]? { await next() }
    }

    /// Takes the batches apart; what it has not been asked for stays for the next reader.
    package struct Iterator: AsyncIteratorProtocol {
        let inbox: Inbox

        package mutating func next() async -> Delivery? { await inbox.next(most: 1)?.first }

        package mutating func next(isolation actor: isolated (any Actor)?) async -> Delivery? { await next() }
    }
}

extension Consumption {
    /// Where deliveries wait for their reader.
    final class Inbox: Sendable {
        private struct State {
            var deliveries: ArraySlice<Delivery> = []
            var reader: UnsafeContinuation<Void, Never>?
            var isFinished = false
        }

        /// Counts the lives of the consumer's channel. What was delivered in an earlier one has gone back to the queue.
        let life = Atomic<Int>(0)
        private let state = Mutex(State())

        /// Adds what a turn of the connection has brought.
        func put(_ deliveries: [Delivery]) {
            wake { state in
                if state.deliveries.isEmpty {
                    state.deliveries = deliveries[...]
                } else {
                    state.deliveries += deliveries
                }
            }
        }

        /// Nothing more comes.
        func finish() { wake { $0.isFinished = true } }

        /// - Returns: what has come, at least one delivery; `nil` when nothing comes any more or the task is cancelled.
        func next(most: Int) async -> [Delivery]? {
            while true {
                let batch = state.withLock { state -> [Delivery] in
                    defer { state.deliveries = state.deliveries.dropFirst(most) }
                    return Array(state.deliveries.prefix(most))
                }
                guard !batch.isEmpty else {
                    guard await hasMore() else { return nil }
                    continue
                }
                let life = life.load(ordering: .relaxed)
                // Nearly always all of them: what is of the present life came after everything that is not.
                if batch[0].receipt.epoch == life { return batch }
                let present = batch.filter { $0.receipt.epoch == life }
                if !present.isEmpty { return present }
            }
        }

        /// Waits for more.
        /// - Returns: false when nothing comes any more, or the task is cancelled.
        private func hasMore() async -> Bool {
            await withTaskCancellationHandler {
                await withUnsafeContinuation { continuation in
                    let isOver = state.withLock { state in
                        // Not before: on the way in, another job may put something.
                        let isOver = !state.deliveries.isEmpty || state.isFinished || Task.isCancelled
                        if !isOver { state.reader = continuation }
                        return isOver
                    }
                    if isOver { continuation.resume() }
                }
            } onCancel: {
                wake { _ in }
            }
            return state.withLock { !$0.deliveries.isEmpty || !($0.isFinished || Task.isCancelled) }
        }

        private func wake(_ change: (inout State) -> Void) {
            let reader = state.withLock { state in
                change(&state)
                return state.reader.take()
            }
            reader?.resume()
        }
    }
}
