import struct Foundation.Date

/// How many reviews wait for a person.
struct ReviewFigures: Sendable, Equatable {
    var open = 0
    /// When the one was asked for that waits longest; `nil` when none waits.
    var oldest: Date?
    /// Those whose deadline has passed. More than none for longer than a moment means that nothing decides them.
    var overdue = 0
}
