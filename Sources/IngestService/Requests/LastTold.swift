import struct Foundation.Date

/// That the partner has taken something beyond the answer.
struct LastTold: Sendable, Equatable {
    var sequence: Int
    var at: Date
}
