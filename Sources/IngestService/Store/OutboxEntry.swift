import Contracts

import struct Foundation.Date

/// An event on disk that the broker has not confirmed yet.
struct OutboxEntry: Sendable, Equatable {
    /// Its place in the outbox; never used again after the entry is removed.
    var sequence: Int64
    /// The event as it is published.
    var message: EventMessage
    /// When it was written.
    var createdAt: Date
}
