import struct Foundation.Date

/// What became of a wish to erase a request's personal data.
enum Erasure: Sendable, Equatable {
    /// It is gone, since then: now, or from an earlier time on.
    case erased(at: Date, isNew: Bool)
    /// The place is not found yet, and the street is needed for that.
    case underWay
    /// There is no such request.
    case unknown
}
