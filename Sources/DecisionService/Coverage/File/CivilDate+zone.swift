import Contracts
import Foundation

extension CivilDate {
    /// Written `2026-01-31` (RFC 3339, `full-date`), from 1900 on.
    init?(_ text: String) {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.map(\.utf8.count) == [4, 2, 2], text.utf8.allSatisfy({ $0 == 0x2D || (0x30...0x39).contains($0) }),
            let year = Int(parts[0]), let month = Int(parts[1]), let day = Int(parts[2]), year >= 1900
        else { return nil }
        self.init(year: year, month: month, day: day)
    }

    var next: CivilDate { CivilDate(daysSince1970: daysSince1970 + 1) }

    /// Its first instant, which is not midnight everywhere.
    func start(in zone: TimeZone) -> Date? {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = zone
        return calendar.date(from: DateComponents(year: year, month: month, day: day, hour: 12)).map(
            calendar.startOfDay)
    }
}
