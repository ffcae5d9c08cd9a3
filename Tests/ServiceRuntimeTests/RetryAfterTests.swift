import Foundation
import Testing

@testable import ServiceRuntime

@Suite struct RetryAfterTests {
    /// Sun, 06 Nov 1994 08:49:07 GMT.
    private let now = Date(timeIntervalSince1970: 784_111_747)

    @Test(
        arguments: [
            ("0", Duration.zero), ("120", .seconds(120)), (" 5 ", .seconds(5)), ("86400", .seconds(86400)),
            ("86401", .seconds(86400)), ("99999999999999999999999", .seconds(86400)),
            ("Sun, 06 Nov 1994 08:49:37 GMT", .seconds(30)), ("Sunday, 06-Nov-94 08:49:37 GMT", .seconds(30)),
            ("Sun Nov  6 08:49:37 1994", .seconds(30)), ("Sun, 06 Nov 1994 08:49:07 GMT", .zero),
            ("Sat, 05 Nov 1994 08:49:37 GMT", .zero), ("Fri, 31 Dec 9999 23:59:59 GMT", .seconds(86400)),
        ])
    func readsSecondsAndEveryFormOfADate(value: String, expected: Duration) {
        #expect(RetryAfter.duration(value, now: now) == expected)
    }

    @Test(
        arguments: [
            "", "-1", "1.5", "1s", "12 34", "soon", "+5", "٣", "Sun, 06 Nov 1994 08:49:37 CET",
            "Sun, 06 Nov 1994 24:49:37 GMT",
            "Sun, 06 Nov 1994 08:49 GMT", "Sun, 32 Nov 1994 08:49:37 GMT", "Sun, 06 Nuv 1994 08:49:37 GMT",
            "Sun, 06 Nov -994 08:49:37 GMT", "1994-11-06T08:49:37Z",
        ])
    func anythingElseIsAsIfItWereNotThere(value: String) {
        #expect(RetryAfter.duration(value, now: now) == nil)
    }

    @Test(arguments: [
        "Wed, 31 Feb 2024 12:00:00 GMT", "Wed, 29 Feb 2023 12:00:00 GMT", "Wed, 00 Jan 2024 12:00:00 GMT",
    ])
    func whatIsNoDayIsNoDate(text: String) { #expect(HTTPDate.parse(text) == nil) }

    @Test(
        arguments: [
            ("Thu, 01 Jan 1970 00:00:00 GMT", 0.0), ("Thu, 29 Feb 2024 12:00:00 GMT", 1_709_208_000),
            ("Fri, 01 Mar 2024 00:00:00 GMT", 1_709_251_200), ("Fri, 31 Dec 1999 23:59:59 GMT", 946_684_799),
            ("Fri, 15 Jan 2027 08:00:00 GMT", 1_800_000_000),
        ])
    func datesAreThoseOfTheCalendar(text: String, seconds: Double) {
        #expect(HTTPDate.parse(text) == Date(timeIntervalSince1970: seconds))
    }
}
