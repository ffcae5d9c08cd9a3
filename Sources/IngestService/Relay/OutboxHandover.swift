import Synchronization

/// Where fresh outbox entries wait in memory for the relay, so that none waits for a look at the table.
///
/// Bounded: what does not fit stays in the table alone, and the relay is told to look there. It also knows which
/// entries are in memory or being published, so that a look at the table does not take them again.
final class OutboxHandover: Sendable {
    private struct State {
        var known: Set<Int64> = []
        /// Which part of the table must be looked at: what did not fit lies in it.
        var missed: ClosedRange<Int64>?
    }

    /// What was handed over, in order. For one reader.
    let entries: AsyncStream<OutboxEntry>
    private let continuation: AsyncStream<OutboxEntry>.Continuation
    private let state = Mutex(State())

    /// - Parameter limit: how many entries wait in memory at most.
    init(limit: Int) {
        (entries, continuation) = AsyncStream.makeStream(bufferingPolicy: .bufferingOldest(limit))
    }

    /// Hands an entry over; never waits.
    /// - Returns: whether it fitted. When not, it waits in the table.
    @discardableResult
    func put(_ entry: OutboxEntry) -> Bool {
        guard claim(entry.sequence) else { return true }
        switch continuation.yield(entry) {
        case .enqueued: return true
        case .dropped, .terminated: break
        @unknown default: break
        }
        state.withLock { state in
            state.known.remove(entry.sequence)
            let missed = state.missed ?? entry.sequence...entry.sequence
            state.missed = min(missed.lowerBound, entry.sequence)...max(missed.upperBound, entry.sequence)
        }
        return false
    }

    /// Marks an entry as being taken care of.
    /// - Returns: `false` when it is already.
    func claim(_ sequence: Int64) -> Bool {
        state.withLock { $0.known.insert(sequence).inserted }
    }

    /// Says that an entry has left the outbox, or is no longer taken care of.
    func release(_ sequence: Int64) {
        _ = state.withLock { $0.known.remove(sequence) }
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
    func close() { continuation.finish() }
}
