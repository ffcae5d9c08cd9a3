package import struct Foundation.Date

/// Times on the wire: RFC 3339 in UTC with milliseconds, `2026-01-31T08:15:00.250Z`.
///
/// Written by hand because every message carries several, and Foundation's parser took a tenth of a stage's time.
package enum Timestamp {
    /// A time beyond the years 0 to 9999 is written as the nearest of them.
    package static func string(_ date: Date) -> String {
        let milliseconds = Int64(clamping: (date.clamped.timeIntervalSince1970 * 1000).rounded(.down))
        let (days, inDay) = milliseconds.quotientAndRemainderFlooring(by: 86_400_000)
        let (year, month, day) = civil(fromDays: days)
        return String(unsafeUninitializedCapacity: 24) { buffer in
            var writer = DigitWriter(buffer: buffer)
            writer.digits(Int(year), 4)
            writer.byte("-")
            writer.digits(month, 2)
            writer.byte("-")
            writer.digits(day, 2)
            writer.byte("T")
            writer.digits(Int(inDay / 3_600_000), 2)
            writer.byte(":")
            writer.digits(Int(inDay / 60_000 % 60), 2)
            writer.byte(":")
            writer.digits(Int(inDay / 1000 % 60), 2)
            writer.byte(".")
            writer.digits(Int(inDay % 1000), 3)
            writer.byte("Z")
            return writer.count
        }
    }

    /// Reads RFC 3339, section 5.6, in UTC (`Z`, or the offset `+00:00`), with or without a fraction of a second; `nil` for
    /// anything else. Digits beyond the milliseconds are dropped.
    package static func date(_ string: String) -> Date? {
        var string = string
        return string.withUTF8 { text in
            var reader = DigitReader(text: text)
            guard let year = reader.digits(4), reader.skip("-"), let month = reader.digits(2), reader.skip("-"),
                let day = reader.digits(2), reader.skip("T") || reader.skip("t"), let hour = reader.digits(2),
                reader.skip(":"), let minute = reader.digits(2), reader.skip(":"), let second = reader.digits(2)
            else { return nil }
            let milliseconds = reader.fraction()
            guard reader.skip("Z") || reader.skip("z") || reader.skip("+00:00"), reader.isAtEnd,
                (1...12).contains(month), (1...length(ofMonth: month, year: year)).contains(day), hour < 24,
                minute < 60,
                second <= 60  // A leap second is the first of the next minute.
            else { return nil }
            let days = days(fromYear: year, month: month, day: day)
            let seconds = days * 86400 + Int64(hour * 3600 + minute * 60 + second)
            return Date(timeIntervalSince1970: Double(seconds * 1000 + Int64(milliseconds)) / 1000)
        }
    }

    /// The instant cut to the milliseconds that the wire carries, so that what is read equals what was written.
    package static func truncate(_ date: Date) -> Date {
        Date(timeIntervalSince1970: (date.timeIntervalSince1970 * 1000).rounded(.down) / 1000)
    }

    // MARK: The proleptic Gregorian calendar, counted in eras of 400 years that begin on 1 March

    private static func days(fromYear year: Int, month: Int, day: Int) -> Int64 {
        let shifted = Int64(month <= 2 ? year - 1 : year)
        let era = shifted.quotientAndRemainderFlooring(by: 400).quotient
        let yearOfEra = shifted - era * 400
        let dayOfYear = Int64((153 * ((month + 9) % 12) + 2) / 5 + day - 1)
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }

    private static func civil(fromDays days: Int64) -> (year: Int64, month: Int, day: Int) {
        let (era, dayOfEra) = (days + 719_468).quotientAndRemainderFlooring(by: 146_097)
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        let day = Int(dayOfYear - (153 * shiftedMonth + 2) / 5 + 1)
        let month = Int(shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9)
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day)
    }

    private static func length(ofMonth month: Int, year: Int) -> Int {
        switch month {
        case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }
}

/// Writes ASCII into a buffer that is known to be large enough.
private struct DigitWriter {
    let buffer: UnsafeMutableBufferPointer<UInt8>
    var count = 0

    mutating func byte(_ scalar: Unicode.Scalar) {
        buffer[count] = UInt8(truncatingIfNeeded: scalar.value)
        count += 1
    }

    /// The last `width` decimal digits of a number.
    mutating func digits(_ number: Int, _ width: Int) {
        var rest = number
        for index in stride(from: count + width - 1, through: count, by: -1) {
            buffer[index] = UInt8(0x30 + abs(rest % 10))
            rest /= 10
        }
        count += width
    }
}

private struct DigitReader {
    let text: UnsafeBufferPointer<UInt8>
    var position = 0

    var isAtEnd: Bool { position == text.count }

    mutating func digits(_ width: Int) -> Int? {
        guard position + width <= text.count else { return nil }
        var number = 0
        for byte in text[position..<position + width] {
            guard (0x30...0x39).contains(byte) else { return nil }
            number = number * 10 + Int(byte - 0x30)
        }
        position += width
        return number
    }

    mutating func skip(_ expected: StaticString) -> Bool {
        let width = expected.utf8CodeUnitCount
        guard position + width <= text.count else { return false }
        for index in 0..<width where text[position + index] != expected.utf8Start[index] { return false }
        position += width
        return true
    }

    /// `.25` is 250. Zero when there is none.
    mutating func fraction() -> Int {
        guard position + 1 < text.count, text[position] == 0x2E, (0x30...0x39).contains(text[position + 1]) else {
            return 0
        }
        position += 1
        var milliseconds = 0
        var weight = 100
        while position < text.count, (0x30...0x39).contains(text[position]) {
            milliseconds += Int(text[position] - 0x30) * weight
            weight /= 10
            position += 1
        }
        return milliseconds
    }
}

extension Int64 {
    fileprivate func quotientAndRemainderFlooring(by divisor: Int64) -> (quotient: Int64, remainder: Int64) {
        let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
    }
}
