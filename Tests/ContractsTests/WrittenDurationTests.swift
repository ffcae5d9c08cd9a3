import Contracts
import Testing

/// Lengths of time as people write them.
@Suite struct WrittenDurationTests {
    @Test(arguments: [
        (Duration.zero, "0s"), (.microseconds(40), "40µs"), (.microseconds(1250), "1.3ms"), (.milliseconds(4), "4ms"),
        (.milliseconds(250), "250ms"), (.microseconds(999_800), "1s"), (.seconds(1), "1s"), (.seconds(59.96), "1m"),
        (.seconds(5.448226267695166), "5.4s"), (.seconds(60), "1m"), (.seconds(125), "2m5s"), (.seconds(900), "15m"),
        (.seconds(3599.7), "1h"), (.seconds(3600), "1h"), (.seconds(7500), "2h5m"), (.seconds(90 * 86_400), "2160h"),
        (.seconds(-900), "-15m"),
    ])
    func isWritten(duration: Duration, text: String) { #expect(duration.written == text) }

    @Test(arguments: [
        (Duration.seconds(-5), "0s"), (.seconds(119.9), "119s"), (.seconds(120), "2m"), (.seconds(7199), "119m"),
        (.seconds(7200), "2h"), (.seconds(172_800), "2d"),
    ])
    func isAnAge(duration: Duration, text: String) { #expect(duration.age == text) }

    @Test func noLengthOfTimeIsTooLong() {
        #expect(Duration.seconds(Int64.max).written.hasSuffix("m"))
        #expect(Duration.seconds(Int64.max).age.hasSuffix("d"))
    }
}
