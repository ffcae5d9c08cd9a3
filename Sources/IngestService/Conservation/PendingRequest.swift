import Contracts

import struct Foundation.Date

/// A request that is under way.
struct PendingRequest: Sendable, Equatable, Encodable {
    var id: RequestID
    var provider: String
    /// Whose turn it is.
    var stage: Stage
    /// When the last thing happened to it, or is to happen: a request that waits for its next attempt moves then.
    var movedAt: Date
    /// Whether an event of it waits to be published.
    var isInOutbox: Bool
}
