package import struct Foundation.Date

// The gate for numbers that somebody else chose: in a message's header, in a URL, a body, a file, by the clock of
// another host.
//
// Swift ends the process where a sum, a product or a conversion does not fit its type. So what comes from outside goes
// through what stands here, and nothing else: it yields the nearest number that fits, or `nil`, and never traps.
// `deploy/lib/foreign-numbers` looks for what goes around it.

extension FixedWidthInteger {
    /// Reads a whole number in ASCII digits that lies in a range; `nil` for anything else, however long it is.
    @inlinable
    package init?(foreign text: some StringProtocol, in range: ClosedRange<Self> = .min ... .max) {
        guard let value = Self(text), range.contains(value) else { return nil }
        self = value
    }

    /// The nearest number of this type, towards zero; zero for what is no number.
    @inlinable
    package init(clamping value: Double) {
        if let exact = Self(exactly: value.rounded(.towardZero)) {
            self = exact
        } else {
            self = value.isNaN ? 0 : value < 0 ? .min : .max
        }
    }

    /// The product, or the end of the type that lies beyond it.
    package func multipliedSaturating(by other: Self) -> Self {
        let (product, isOver) = multipliedReportingOverflow(by: other)
        guard isOver else { return product }
        return (self < 0) == (other < 0) ? .max : .min
    }
}

extension Duration {
    /// The longest that a number of seconds from outside stands for, in either direction: three hundred centuries,
    /// which leaves room for sums.
    private static let longest = 1e12

    /// So many seconds, at most three hundred centuries of them; zero for what is no number.
    package init(clampingSeconds seconds: Double) {
        self = .seconds(seconds.isNaN ? 0 : min(max(seconds, -Self.longest), Self.longest))
    }
}

extension Date {
    /// What RFC 3339 can say: the years 0 to 9999.
    private static let writable =
        Date(
            timeIntervalSince1970: -62_167_219_200)...Date(
            timeIntervalSince1970: 253_402_300_799.999)

    /// The nearest time that RFC 3339 can say; 1970 for what is no time.
    package var clamped: Date {
        if timeIntervalSince1970.isNaN { return Date(timeIntervalSince1970: 0) }
        return min(max(self, Self.writable.lowerBound), Self.writable.upperBound)
    }

    /// So many seconds after 1970, within what RFC 3339 can say.
    package init(clampingSeconds seconds: Double) { self = Date(timeIntervalSince1970: seconds).clamped }

    /// So many milliseconds after 1970, within what RFC 3339 can say.
    package init(clampingMilliseconds milliseconds: Int64) { self.init(clampingSeconds: Double(milliseconds) / 1000) }

    /// Whole milliseconds since 1970, rounded, within what RFC 3339 can say.
    package var clampedMilliseconds: Int64 { Int64(clamping: (clamped.timeIntervalSince1970 * 1000).rounded()) }

    /// So much later, or earlier when it is negative, within what RFC 3339 can say.
    package func shifted(by duration: Duration) -> Date {
        Date(clampingSeconds: timeIntervalSince1970 + duration / .seconds(1))
    }
}
