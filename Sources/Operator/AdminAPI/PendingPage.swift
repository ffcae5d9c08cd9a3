import Contracts

import struct Foundation.Date
import struct Foundation.UUID

/// A page of the requests that are under way.
struct PendingPage: Sendable, Equatable, Decodable {
    var pending: [Request]
    /// Where the next page begins; absent on the last.
    var next: UUID?

    struct Request: Sendable, Equatable, Codable {
        var id: AdminID
        var provider: String
        /// Whose turn it is.
        var stage: Stage
        var movedAt: Date
        var isInOutbox: Bool
    }
}
