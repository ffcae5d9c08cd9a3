import Contracts

import struct Foundation.Date

/// In whose hands an organisation has put a request. For its own people: the partner is told of steps alone.
struct Assignment: Sendable, Equatable {
    /// Characters of a person's or a team's name.
    static let longestName = 128

    var assignee: String?
    var team: String?
    var due: Day?
    /// How often it was changed.
    var revision: Int

    /// In one line: the person, the team, or both.
    var hands: String? {
        let names = [assignee, team].compactMap(\.self)
        return names.isEmpty ? nil : names.joined(separator: ", ")
    }
}

/// A day of the calendar, as `2026-12-01`.
struct Day: Sendable, Hashable, Comparable, LosslessStringConvertible {
    let description: String

    init?(_ text: String) {
        guard text.utf8.count == 10, Timestamp.date("\(text)T00:00:00.000Z") != nil else { return nil }
        description = text
    }

    /// In UTC.
    init(_ date: Date) { description = String(Timestamp.string(date).prefix(10)) }

    static func < (left: Day, right: Day) -> Bool { left.description < right.description }

    /// When it begins, in UTC.
    var start: Date { Timestamp.date("\(description)T00:00:00.000Z") ?? .distantPast }

    func adding(_ days: Int) -> Day { Day(start.shifted(by: .seconds(86400) * days)) }

    /// `Dec 1`, with the year where it is another than today's.
    func words(today: Day) -> String {
        let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        let parts = description.split(separator: "-")
        guard parts.count == 3, let month = Int(foreign: parts[1], in: 1...12),
            let day = Int(foreign: parts[2], in: 1...31)
        else { return description }
        let text = "\(months[month - 1]) \(day)"
        return description.prefix(4) == today.description.prefix(4) ? text : "\(text), \(parts[0])"
    }
}
