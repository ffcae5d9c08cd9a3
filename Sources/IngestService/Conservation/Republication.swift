import Contracts

import struct Foundation.UUID

/// What became of a wish to publish a request's event once more.
enum Republication: Sendable, Equatable {
    /// It is in the outbox, and the relay has to be told.
    case enqueued(OutboxEntry)
    /// The same event waits in the outbox already.
    case waiting(eventID: UUID, EventType)
    /// The request is not under way: it is told, dead, or waits for a person.
    case settled(JobState)
    /// There is no such request.
    case unknown
}
