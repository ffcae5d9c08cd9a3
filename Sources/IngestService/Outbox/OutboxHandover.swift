import Synchronization

/// Where fresh outbox entries wait in memory for the relay, so that none waits for a look at the table.
///
/// Bounded: what does not fit stays in the table alone, and the relay is told to look there. It also knows which
/// entries are in memory or being published, so that a look at the table does not take them again.
final class OutboxHandover: Sendable {
    private struct State {
        var waiting: [OutboxEntry] = []
        var reader: UnsafeContinuation<[OutboxEntry], Never>?
        var isClosed = false
        var known: Set<Int64> = []
        /// Which part of the table must be looked at: what did not fit lies in it.
        var missed: ClosedRange<Int64>?
    }

    private let limit: Int
    private let state = Mutex(State())

    /// - Parameter limit: how many entries wait in memory at most.
    init(limit: Int) { self.limit = limit }

    /// Hands entries over that have just been committed; never waits.
    /// - Returns: how many did not fit. They wait in the table.
    @discardableResult
    func put(_ entries: [OutboxEntry]) -> Int {
        var missed = 0
        let ready = state.withLock { state -> (UnsafeContinuation<[OutboxEntry], Never>, [OutboxEntry])? in
            for entry in entries where !state.known.contains(entry.sequence) {
                guard !state.isClosed, state.waiting.count < limit else {
                    let range = state.missed ?? entry.sequence...entry.sequence
                    state.missed = min(range.lowerBound, entry.sequence)...max(range.upperBound, entry.sequence)
                    missed += 1
                    continue
                }
                state.known.insert(entry.sequence)
                state.waiting.append(entry)
            }
            guard !state.waiting.isEmpty, let reader = state.reader.take() else { return nil }
            defer { state.waiting = [] }
            return (reader, state.waiting)
        }
        if let (reader, waiting) = ready { reader.resume(returning: waiting) }
        return missed
    }

    /// Everything that was handed over since, in order. For one reader.
    /// - Returns: nothing when nothing more comes, or the task is cancelled.
    func next() async -> [OutboxEntry] {
        await withTaskCancellationHandler {
            await withUnsafeContinuation { continuation in
                let entries = state.withLock { state -> [OutboxEntry]? in
                    if state.waiting.isEmpty, !state.isClosed, !Task.isCancelled {
                        state.reader = continuation
                        return nil
                    }
                    defer { state.waiting = [] }
                    return state.waiting
                }
                if let entries { continuation.resume(returning: entries) }
            }
        } onCancel: {
            wake { _ in }
        }
    }

    /// Marks an entry as being taken care of.
    /// - Returns: `false` when it is already.
    func claim(_ sequence: Int64) -> Bool {
        state.withLock { $0.known.insert(sequence).inserted }
    }

    /// Says that entries have left the outbox, or are no longer taken care of.
    func release(_ entries: [OutboxEntry]) {
        state.withLock { state in
            for entry in entries { state.known.remove(entry.sequence) }
        }
    }

    /// The part of the table that holds what did not fit since this was last asked; `nil` when all did. Bounded at both
    /// ends: behind it lie entries that are committed, but handed over only in a moment.
    func takeMissed() -> ClosedRange<Int64>? {
        state.withLock { state in
            defer { state.missed = nil }
            return state.missed
        }
    }

    /// Takes nothing more; what is already in memory still comes out.
    func close() { wake { $0.isClosed = true } }

    private func wake(_ change: (inout State) -> Void) {
        let reader = state.withLock { state in
            change(&state)
            return state.reader.take()
        }
        reader?.resume(returning: [])
    }
}
