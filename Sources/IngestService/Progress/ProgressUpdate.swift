import Contracts

import struct Foundation.UUID

/// One fact, as the store records it.
enum ProgressUpdate: Sendable, Equatable {
    case geocoded(Geocoding)
    case reviewRequested(Review)
    case decided(Decision)
    case delivered(Receipt)
    /// Without an id when an earlier version said it.
    case retrying(Stage, messageID: UUID?, StageTrouble.Retry)
    case dead(DeadMessage)
    /// An operator has done something about a dead letter.
    case resolved(Stage, messageID: UUID, DeathResolution)
    /// Something that only the timeline shows.
    case noted(TimelineEntry)
    /// About the partner's endpoint and not about one request.
    case degraded(EndpointDegraded)
    case recovered(EndpointRecovered)
}

/// A fact and whom it is about, as the store records it.
struct ProgressRecord: Sendable, Equatable {
    var update: ProgressUpdate
    /// `nil` for a dead letter that names no request, which is kept all the same, and for what is about an endpoint.
    var id: RequestID?
}
