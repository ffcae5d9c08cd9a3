import Contracts
import Foundation
import Testing

/// The gate for numbers from outside: every one comes out as something that fits.
@Suite struct ForeignNumberTests {
    @Test(arguments: [
        ("0", 0), ("-0", 0), ("+7", 7), ("007", 7), ("9223372036854775807", Int.max), ("-9223372036854775808", Int.min),
    ])
    func wholeNumbersAreRead(_ text: String, _ number: Int) { #expect(Int(foreign: text) == number) }

    @Test(arguments: [
        "", "-", "+", " 1", "1 ", "1.0", "1e3", "0x10", "9223372036854775808", "-9223372036854775809",
        "18446744073709551615", String(repeating: "9", count: 100_000), "１２", "١٢", "1\u{301}", "NaN", "1_000", "1\0",
    ])
    func nothingElseIs(_ text: String) { #expect(Int(foreign: text) == nil) }

    @Test func theRangeIsKept() {
        #expect(Int(foreign: "10", in: 1...10) == 10 && Int(foreign: "11", in: 1...10) == nil)
        #expect(UInt8(foreign: "255") == 255 && UInt8(foreign: "256") == nil && UInt8(foreign: "-1") == nil)
    }

    @Test(arguments: [
        (0.9, 0), (-0.9, 0), (-0.0, 0), (1e308, Int64.max), (-1e308, .min), (.infinity, .max), (-.infinity, .min),
        (.nan, 0), (9_223_372_036_854_775_808, .max), (-9_223_372_036_854_775_808, .min),
        (.leastNonzeroMagnitude, 0), (1e15, 1_000_000_000_000_000), (255.9, 255), (256, 256), (-1, -1),
    ])
    func aNumberWithAFractionBecomesTheNearest(_ value: Double, _ expected: Int64) {
        #expect(Int64(clamping: value) == expected)
        #expect(UInt8(clamping: value) == UInt8(clamping: expected))
    }

    @Test(arguments: [Int.min, -2, -1, 0, 1, 2, .max], [Int.min, -2, -1, 0, 1, 2, .max])
    func arithmeticEndsAtTheEndsOfTheType(_ left: Int, _ right: Int) {
        /// A Double rounds the ends of the type by one.
        func isNearest(_ number: Int, _ wide: Double) -> Bool {
            abs(Double(number) - min(max(wide, Double(Int.min)), Double(Int.max))) <= 1
        }
        #expect(isNearest(left.multipliedSaturating(by: right), Double(left) * Double(right)))
    }

    /// Whatever a clock says, it can be written, kept in milliseconds, made an id, and moved.
    @Test(arguments: [
        -Double.infinity, -1e308, -1e18, -62_167_219_201, -0.001, 0, 1_790_000_000, 253_402_300_800, 9_223_372_036_854,
        1e18, 1e308, .infinity, .nan,
    ])
    func everyTimeCanBeWritten(_ seconds: Double) throws {
        let date = Date(timeIntervalSince1970: seconds)
        for time in [
            date, date.clamped, Date(clampingSeconds: seconds), date.shifted(by: .seconds(Int64.max)),
            date.shifted(by: .seconds(Int64.min)),
        ] {
            let text = Timestamp.string(time)
            let read = try #require(Timestamp.date(text), "\(text)")
            #expect(Timestamp.string(read) == text)
            #expect((-62_167_219_200_000...253_402_300_799_999).contains(time.clampedMilliseconds))
            var generator = SystemRandomNumberGenerator()
            _ = RequestID(at: time, using: &generator)
        }
    }

    @Test(arguments: [Int64.min, -1, 0, 1_790_000_000_123, .max])
    func millisecondsComeBackAsFarAsTheyCanBeWritten(_ milliseconds: Int64) {
        let range: ClosedRange<Int64> = -62_167_219_200_000...253_402_300_799_999
        let expected = min(max(milliseconds, range.lowerBound), range.upperBound)
        #expect(Date(clampingMilliseconds: milliseconds).clampedMilliseconds == expected)
    }

    @Test(arguments: [-Double.infinity, -1e308, -1, 0, 1, 1e308, .infinity, .nan])
    func everyNumberOfSecondsIsADuration(_ seconds: Double) {
        let duration = Duration(clampingSeconds: seconds)
        #expect(abs(duration / .seconds(1)) <= 1e12)
        #expect(duration + duration >= duration || seconds < 0)
    }
}
