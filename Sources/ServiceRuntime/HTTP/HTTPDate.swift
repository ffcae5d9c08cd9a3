import Contracts

import struct Foundation.Date

/// Dates in HTTP headers (RFC 9110, section 5.6.7): the current form and the two that a recipient must still read.
///
/// - `Sun, 06 Nov 1994 08:49:37 GMT`
/// - `Sunday, 06-Nov-94 08:49:37 GMT`
/// - `Sun Nov  6 08:49:37 1994`
enum HTTPDate {
    /// `nil` for anything else. The day of the week is not compared with the date.
    static func parse(_ text: String) -> Date? {
        let words = text.split(separator: " ").map(String.init)
        switch words.count {
        case 6 where words[5] == "GMT" && words[0].hasSuffix(","):
            return date(day: words[1], month: words[2], year: Int(foreign: words[3]), time: words[4])
        case 4 where words[3] == "GMT" && words[0].hasSuffix(","):
            let parts = words[1].split(separator: "-").map(String.init)
            guard parts.count == 3, parts[2].count == 2, let year = Int(foreign: parts[2]) else { return nil }
            // The RFC reads a year more than 50 years ahead as past; a fixed pivot does for a header about the near
            // future.
            return date(day: parts[0], month: parts[1], year: year < 70 ? 2000 + year : 1900 + year, time: words[2])
        case 5:
            return date(day: words[2], month: words[1], year: Int(foreign: words[4]), time: words[3])
        default:
            return nil
        }
    }

    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]

    private static func date(day: String, month: String, year: Int?, time: String) -> Date? {
        let clock = time.split(separator: ":", omittingEmptySubsequences: false).map { Int(foreign: $0) }
        guard let day = Int(foreign: day, in: 1...31), let month = months.firstIndex(of: month), let year,
            (1970...9999).contains(year), let date = CivilDate(year: year, month: month + 1, day: day),
            clock.count == 3, let hour = clock[0], (0...23).contains(hour),
            let minute = clock[1], (0...59).contains(minute), let second = clock[2], (0...60).contains(second)
        else { return nil }
        return Date(timeIntervalSince1970: Double(((Int(date.daysSince1970) * 24 + hour) * 60 + minute) * 60 + second))
    }
}
