package import struct Foundation.Date

/// Times on the wire: RFC 3339 in UTC with milliseconds, `2026-01-31T08:15:00.250Z`.
///
/// Written by hand because every message carries several, and Foundation's parser took a tenth of a stage's time.
package enum Timestamp {
    /// A time beyond the years 0 to 9999 is written as the nearest of them.
    package static func string(_ date: Date) -> String {
        let milliseconds = Int64(clamping: (date.clamped.timeIntervalSince1970 * 1000).rounded(.down))
        let (days, inDay) = milliseconds.quotientAndRemainderFlooring(by: 86_400_000)
        let day = CivilDate(daysSince1970: days)
        return String(unsafeUninitializedCapacity: 24) { buffer in
            var writer = DigitWriter(buffer: buffer)
            writer.digits(day.year, 4)
            writer.byte("-")
            writer.digits(day.month, 2)
            writer.byte("-")
            writer.digits(day.day, 2)
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

    /// Reads RFC 3339, section 5.6, in UTC (`Z`, or the offset `+00:00`), with or without a fraction of a second; `nil`
    /// for anything else. Digits beyond the milliseconds are dropped.
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
                let date = CivilDate(year: year, month: month, day: day), hour < 24, minute < 60,
                second <= 60  // A leap second is the first of the next minute.
            else { return nil }
            let seconds = date.daysSince1970 * 86400 + Int64(hour * 3600 + minute * 60 + second)
            return Date(timeIntervalSince1970: Double(seconds * 1000 + Int64(milliseconds)) / 1000)
        }
    }

    /// The instant cut to the milliseconds that the wire carries, so that what is read equals what was written.
    package static func truncate(_ date: Date) -> Date {
        Date(timeIntervalSince1970: (date.timeIntervalSince1970 * 1000).rounded(.down) / 1000)
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

/// Times as clients write them (RFC 3339), with any offset; the wire's own are in UTC, see `Timestamp`.
package enum RFC3339 {
    /// - Returns: `nil` for anything else.
    package static func date(_ text: String) -> Date? {
        if let date = Timestamp.date(text) { return date }
        let bytes = Array(text.utf8)
        guard bytes.count > 6, text.utf8.allSatisfy({ $0 < 0x80 }) else { return nil }
        let sign = bytes[bytes.count - 6]
        guard sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-"), bytes[bytes.count - 3] == UInt8(ascii: ":"),
            let hours = Int(foreign: text.suffix(5).prefix(2), in: 0...23),
            let minutes = Int(foreign: text.suffix(2), in: 0...59),
            let local = Timestamp.date(text.dropLast(6) + "Z")
        else { return nil }
        let offset = Duration.seconds(hours * 3600 + minutes * 60)
        return local.shifted(by: sign == UInt8(ascii: "+") ? .zero - offset : offset)
    }
}
