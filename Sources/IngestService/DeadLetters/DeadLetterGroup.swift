import Contracts

import struct Foundation.Date

/// How many dead letters of a stage have the same reason.
struct DeadLetterGroup: Sendable, Equatable, Encodable {
    var stage: Stage
    var reason: String
    var count: Int
    /// When the first of them died.
    var oldest: Date
}
