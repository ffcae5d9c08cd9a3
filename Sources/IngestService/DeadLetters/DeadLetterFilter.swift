import Contracts

import struct Foundation.Date

/// Which dead letters are asked for; `nil` for any.
struct DeadLetterFilter: Sendable, Equatable {
    var stage: Stage?
    var reason: String?
    var diedBefore: Date?
    /// Whether those that an operator has replayed or discarded belong to it.
    var includesResolved = false
}
