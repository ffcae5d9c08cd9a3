import struct Foundation.Date

/// How the store keeps times: whole milliseconds since 1970, as precise as the wire.
///
/// They come from other hosts' clocks, from cursors in URLs and from rows of any age. What lies beyond the years 1 to
/// 9999, which the wire can say, is cut to them both ways: then no arithmetic on a time can trap.
extension Date {
    private static let wire: ClosedRange<Int64> = -62_135_596_800_000...253_402_300_799_999

    var milliseconds: Int64 {
        let milliseconds = (timeIntervalSince1970 * 1000).rounded()
        // What is no number at all is none of the two, and ends as the first.
        guard milliseconds > Double(Self.wire.lowerBound) else { return Self.wire.lowerBound }
        guard milliseconds < Double(Self.wire.upperBound) else { return Self.wire.upperBound }
        return Int64(milliseconds)
    }

    init(milliseconds: Int64) {
        let bounded = min(max(milliseconds, Self.wire.lowerBound), Self.wire.upperBound)
        self.init(timeIntervalSince1970: Double(bounded) / 1000)
    }
}
