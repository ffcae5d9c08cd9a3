import Foundation

/// A day of the calendar, written `2026-01-31` (RFC 3339, `full-date`).
struct CalendarDay: Sendable, Comparable {
    private let year: Int
    private let month: Int
    private let day: Int

    init?(_ text: String) {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.map(\.utf8.count) == [4, 2, 2], text.utf8.allSatisfy({ $0 == 0x2D || (0x30...0x39).contains($0) }),
            let year = Int(parts[0]), let month = Int(parts[1]), let day = Int(parts[2]), year >= 1900
        else { return nil }
        (self.year, self.month, self.day) = (year, month, day)
        // What the calendar would carry over, such as 31 February, is no day.
        let components = DateComponents(year: year, month: month, day: day)
        guard components.isValidDate(in: Self.calendar(.gmt)) else { return nil }
    }

    private init(_ components: DateComponents) {
        (year, month, day) = (components.year ?? 0, components.month ?? 0, components.day ?? 0)
    }

    var next: CalendarDay? {
        let calendar = Self.calendar(.gmt)
        return start(in: .gmt).flatMap { calendar.date(byAdding: .day, value: 1, to: $0) }
            .map { CalendarDay(calendar.dateComponents([.year, .month, .day], from: $0)) }
    }

    /// Its first instant, which is not midnight everywhere.
    func start(in zone: TimeZone) -> Date? {
        let calendar = Self.calendar(zone)
        let noon = DateComponents(year: year, month: month, day: day, hour: 12)
        return calendar.date(from: noon).map(calendar.startOfDay)
    }

    static func < (left: CalendarDay, right: CalendarDay) -> Bool {
        (left.year, left.month, left.day) < (right.year, right.month, right.day)
    }

    private static func calendar(_ zone: TimeZone) -> Calendar {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = zone
        return calendar
    }
}
