package import Foundation

/// Times on the wire: RFC 3339 in UTC with milliseconds, `2026-01-31T08:15:00.250Z`.
package enum Timestamp {
    private static let style = Date.ISO8601FormatStyle(includingFractionalSeconds: true)
    private static let wholeSeconds = Date.ISO8601FormatStyle()

    package static func string(_ date: Date) -> String { style.format(date) }

    /// Reads RFC 3339 with or without a fraction of a second; `nil` for anything else.
    package static func date(_ string: String) -> Date? {
        (try? style.parse(string)) ?? (try? wholeSeconds.parse(string))
    }

    /// The instant cut to the milliseconds that the wire carries, so that what is read equals what was written.
    package static func truncate(_ date: Date) -> Date {
        Date(timeIntervalSince1970: (date.timeIntervalSince1970 * 1000).rounded(.down) / 1000)
    }
}
