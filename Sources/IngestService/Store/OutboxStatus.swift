import struct Foundation.Date

/// How much waits to be published.
struct OutboxStatus: Sendable, Equatable {
    var count: Int
    /// When the oldest entry was written; `nil` when there is none.
    var oldest: Date?
    /// The sequence of the newest entry; `nil` when there is none.
    var last: Int64?
}
