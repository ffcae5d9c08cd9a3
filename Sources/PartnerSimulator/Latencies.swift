import Histogram

/// How long something took, many times, with three significant digits.
struct Latencies: Sendable {
    private static let longest: UInt64 = 24 * 3600 * 1_000_000
    private var histogram = Histogram<UInt32>(
        highestTrackableValue: Self.longest, numberOfSignificantValueDigits: .three)

    mutating func record(_ duration: Duration) {
        let (seconds, attoseconds) = duration.components
        let microseconds = seconds * 1_000_000 + attoseconds / 1_000_000_000_000
        histogram.record(min(Self.longest, UInt64(max(0, microseconds))))
    }

    /// `nil` when nothing was recorded.
    var summary: LatencySummary? {
        guard histogram.totalCount > 0 else { return nil }
        func milliseconds(_ microseconds: UInt64) -> Double { Double(microseconds) / 1000 }
        return LatencySummary(
            p50: milliseconds(histogram.valueAtPercentile(50)), p99: milliseconds(histogram.valueAtPercentile(99)),
            p999: milliseconds(histogram.valueAtPercentile(99.9)),
            max: milliseconds(histogram.max))
    }
}

/// Latencies in milliseconds.
struct LatencySummary: Sendable, Equatable, Codable {
    var p50: Double
    var p99: Double
    /// The 99.9th percentile.
    var p999: Double
    var max: Double
}
