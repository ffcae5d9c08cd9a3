import Foundation
import Testing

@testable import Contracts

@Suite struct CivilDateTests {
    @Test(arguments: [(1900, 2, 29), (2023, 2, 29), (2026, 4, 31), (2026, 13, 1), (2026, 0, 1), (2026, 1, 0)])
    func whatIsNoDayIsNone(_ year: Int, _ month: Int, _ day: Int) {
        #expect(CivilDate(year: year, month: month, day: day) == nil)
    }

    /// Every day of five centuries, as Foundation counts them.
    @Test func daysAreCountedAsFoundationDoes() throws {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = .gmt
        for days in stride(from: Int64(-120_000), through: 70_000, by: 1) {
            let date = CivilDate(daysSince1970: days)
            #expect(date.daysSince1970 == days)
            guard days.isMultiple(of: 97) else { continue }
            let parts = calendar.dateComponents(
                [.year, .month, .day], from: Date(timeIntervalSince1970: Double(days) * 86_400))
            #expect(parts.year == date.year && parts.month == date.month && parts.day == date.day, "\(date)")
        }
    }

    @Test(arguments: [(7, 10, 2, "07"), (0xA, 16, 4, "000a"), (12345, 10, 3, "12345")])
    func numbersArePadded(_ number: Int, _ radix: Int, _ width: Int, _ text: String) {
        #expect(String(number, radix: radix, width: width) == text)
    }

    @Test func bytesAreTwoDigitsEach() { #expect(HexDigit.text([0, 0x0F, 0xA0, 0xFF]) == "000fa0ff") }
}
