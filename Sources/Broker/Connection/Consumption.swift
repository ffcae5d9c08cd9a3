import Synchronization

/// The deliveries of one consumer, across reconnects, one by one or in batches. It has one
/// reader.
///
/// Prefetch is the bound of what waits here: the broker hands out no more than that many deliveries before it sees
/// acks.
package struct Consumption: AsyncSequence, Sendable {
    package typealias Element = Delivery

    let id: Int
    let inbox = Inbox()

    /// What came together stays together: an element is everything that has come since the last one, never empty.
    /// - Parameters:
    ///   - patience: how long the first of a batch waits for others; for none when zero.
    ///   - company: how many must be there to wait no longer. A batch may have more.
    package func batches(patience: Duration = .zero, company: Int = 1) -> Batches {
        Batches(inbox: inbox, patience: patience, company: company)
    }

    package func makeAsyncIterator() -> Iterator { Iterator(inbox: inbox) }

    /// Deliveries that can still be settled; ends when the consumer has been cancelled or the connection shut down,
    /// after everything that came before, or when the reader's task is cancelled.
    package struct Batches: AsyncSequence, AsyncIteratorProtocol, Sendable {
        let inbox: Inbox
        let patience: Duration
        let company: Int

        package func makeAsyncIterator() -> Batches { self }

        package func next() async -> [Delivery]? {
            await inbox.next(most: .max, patience: patience, company: company)
        }

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
            /// How many must be there to wake the reader.
            var wanted = 1
            /// Counts the waits for company.
            var waits = 0

            var isEnough: Bool { isFinished || deliveries.count >= wanted }
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
        func next(most: Int, patience: Duration = .zero, company: Int = 1) async -> [Delivery]? {
            while true {
                if patience > .zero, await hasMore() { await waitForCompany(patience, company) }
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

        /// Waits until `company` deliveries are there, or `patience` is over.
        private func waitForCompany(_ patience: Duration, _ company: Int) async {
            let wait = state.withLock { state -> Int? in
                state.wanted = company
                guard !state.isEnough else { return nil }
                state.waits += 1
                return state.waits
            }
            defer { state.withLock { $0.wanted = 1 } }
            guard let wait else { return }
            // Ends the wait when patience does. Cancelled, so that it does nothing, when company came first.
            let end = Task {
                guard (try? await Task.sleep(for: patience)) != nil else { return }
                wake { if $0.waits == wait { $0.wanted = 1 } }
            }
            _ = await hasMore()
            end.cancel()
        }

        /// Waits for more.
        /// - Returns: false when nothing comes any more, or the task is cancelled.
        private func hasMore() async -> Bool {
            await withTaskCancellationHandler {
                await withUnsafeContinuation { continuation in
                    let isOver = state.withLock { state in
                        // Not before: on the way in, another job may put something.
                        let isOver = state.isEnough || Task.isCancelled
                        if !isOver { state.reader = continuation }
                        return isOver
                    }
                    if isOver { continuation.resume() }
                }
            } onCancel: {
                wake(always: true) { _ in }
            }
            return state.withLock { !$0.deliveries.isEmpty || !($0.isFinished || Task.isCancelled) }
        }

        /// - Parameter always: whether the reader goes on whatever is there, since it is cancelled.
        private func wake(always: Bool = false, _ change: (inout State) -> Void) {
            let reader = state.withLock { state in
                change(&state)
                return always || state.isEnough ? state.reader.take() : nil
            }
            reader?.resume()
        }
    }
}
