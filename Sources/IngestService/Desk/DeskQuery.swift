import Contracts
import Foundation

/// Which requests a list shows, in which order.
struct DeskQuery: Sendable, Equatable {
    enum State: String, Sendable, CaseIterable {
        case all, review, new, assigned, scheduled, completed, canceled, declined, checking
    }
    enum Due: String, Sendable, CaseIterable { case any = "", overdue, week, some, none }
    enum Sort: String, Sendable, CaseIterable { case newest, oldest, due }
    enum Holder: Sendable, Equatable {
        case anybody, nobody
        case person(String)
        case team(String)
    }

    var organization: String
    var state = State.all
    var text: SearchText?
    /// USPS code.
    var place: String?
    /// The beginning of its name.
    var city: String?
    /// Its first digits.
    var zip: String?
    var holder = Holder.anybody
    var due = Due.any
    var from: Day?
    /// This day included.
    var to: Day?
    var sort = Sort.newest
    var today: Day
    /// Where the page before ended.
    var after: Cursor?
    var limit = 50

    /// A place in a list: in order of ids, or of days.
    struct Cursor: Sendable, Equatable, LosslessStringConvertible {
        var id: RequestID
        var due: Day?

        init(id: RequestID, due: Day? = nil) {
            self.id = id
            self.due = due
        }

        init?(_ description: String) {
            guard description.utf8.count <= 64 else { return nil }
            let parts = description.split(separator: "_")
            guard (1...2).contains(parts.count), let id = RequestID(String(parts[0])) else { return nil }
            due = parts.count == 2 ? Day(String(parts[1])) : nil
            if parts.count == 2, due == nil { return nil }
            self.id = id
        }

        var description: String { due.map { "\(id)_\($0)" } ?? "\(id)" }
    }
}

/// A page of a list.
struct DeskPage: Sendable {
    var requests: [StoredRequest]
    /// Where the next page begins; `nil` on the last.
    var next: DeskQuery.Cursor?
    /// Set when the page ends since enough was looked at, not since it is full: how far.
    var lookedTo: Reach?

    enum Reach: Sendable, Equatable {
        case accepted(Date)
        case due(Day)
    }
}
