import Contracts

/// What became of a request that was to be written.
enum Acceptance: Sendable, Equatable {
    /// It is on disk together with its event.
    case accepted(OutboxEntry)
    /// The provider has sent this id before; this is the request that it got then.
    case duplicate(of: RequestID)
    /// It came under the same idempotency key before; this is what was answered then.
    case replayed(IdempotentAnswer)
    /// Something else came under the same idempotency key before.
    case keyReused
}
