import Contracts
import Foundation
import Testing

@Suite struct TimestampTests {
    /// Foundation's own formatter, as the second opinion.
    private let reference = Date.ISO8601FormatStyle(includingFractionalSeconds: true)

    @Test func agreesWithFoundationOverEightCenturies() throws {
        var seconds = -12_000_000_000.0  // 1589
        while seconds < 13_000_000_000 {  // 2381
            let date = Date(timeIntervalSince1970: (seconds * 1000).rounded() / 1000)
            let text = Timestamp.string(date)
            #expect(try reference.parse(text) == date)
            #expect(Timestamp.date(text) == date)
            seconds += 7_654_321.375
        }
    }

    @Test(arguments: [
        ("2024-02-29T00:00:00Z", 1_709_164_800.0), ("2026-01-31T08:15:00.25Z", 1_769_847_300.25),
        ("2026-01-31t08:15:00.2509999z", 1_769_847_300.25), ("1969-12-31T23:59:59.999+00:00", -0.001),
        ("2016-12-31T23:59:60Z", 1_483_228_800),
    ])
    func readsWhatOthersWrite(_ text: String, _ seconds: Double) {
        #expect(Timestamp.date(text) == Date(timeIntervalSince1970: seconds))
    }

    @Test(arguments: [
        "", "2026", "2026-01-31", "2026-01-31T08:15Z", "2026-01-31T08:15:00", "2026-01-31T08:15:00.Z",
        "2026-01-31T08:15:00+01:00", "2026-02-29T00:00:00Z", "1900-02-29T00:00:00Z", "2026-13-01T00:00:00Z",
        "2026-00-01T00:00:00Z", "2026-04-31T00:00:00Z", "2026-01-31T24:00:00Z", "2026-01-31T00:60:00Z",
        " 2026-01-31T08:15:00Z", "2026-01-31T08:15:00Zx", "２０２６-01-31T08:15:00Z",
    ])
    func refusesOtherText(_ text: String) {
        #expect(Timestamp.date(text) == nil)
    }

    @Test func truncatedTimesSurviveTheWire() {
        let date = Timestamp.truncate(Date(timeIntervalSince1970: 1_769_847_300.123_987))
        #expect(Timestamp.date(Timestamp.string(date)) == date)
    }
}
