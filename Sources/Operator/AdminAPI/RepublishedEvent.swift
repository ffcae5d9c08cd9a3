import struct Foundation.UUID

/// An event that goes out once more.
struct RepublishedEvent: Sendable, Equatable, Codable {
    var eventId: UUID
    var eventType: String
    /// Whether it was put into the outbox now, or waited there.
    var enqueued: Bool
}
