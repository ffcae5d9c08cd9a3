import Contracts

import struct Foundation.Date

/// How far the organisation has come with a request, and how much the partner is to be told about that.
struct Standing: Sendable, Equatable {
    var status = OrganizationStatus.new
    /// The newest of the things that the partner is told: the answer is 1, each step one more.
    var sequence = RequestDecided.sequence
    /// When the last step was taken; `nil` before the first.
    var changedAt: Date?
}
