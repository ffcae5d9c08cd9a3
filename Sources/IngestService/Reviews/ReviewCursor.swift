import Contracts

import struct Foundation.Date

/// A place in the list of reviews, as text `<deadline in milliseconds>.<request's id>`.
struct ReviewCursor: Sendable, Equatable, LosslessStringConvertible {
    var deadline: Date
    var id: RequestID

    init(deadline: Date, id: RequestID) {
        self.deadline = deadline
        self.id = id
    }

    init?(_ description: String) {
        let parts = description.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 2, let milliseconds = Int64(foreign: parts[0]), let id = RequestID(parts[1]) else {
            return nil
        }
        self.init(deadline: Date(milliseconds: milliseconds), id: id)
    }

    var description: String { "\(deadline.milliseconds).\(id)" }
}
