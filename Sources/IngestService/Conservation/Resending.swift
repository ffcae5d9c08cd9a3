/// What became of a wish to tell the partner once more.
enum Resending: Sendable, Equatable {
    /// The event is in the outbox, and the relay has to be told.
    case enqueued(OutboxEntry, sequence: Int)
    /// There is nothing to tell yet.
    case undecided
    /// There is no such request.
    case unknown
}
