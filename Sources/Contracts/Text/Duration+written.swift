extension Duration {
    /// As people write it: `15m`, `5.4s`, `250ms`, `2h5m`; whole units as they are, the rest rounded to what is worth
    /// reading.
    package var written: String {
        if self < .zero { return "-" + (.zero - self).written }
        let seconds = self / .seconds(1)
        return switch seconds {
        case 0: "0s"
        case ..<0.001: Self.short(seconds * 1_000_000, "µs")
        case ..<0.01: Self.short(seconds * 1000, "ms")
        case ..<0.9995: "\(Int(clamping: (seconds * 1000).rounded()))ms"
        case ..<59.95: Self.short(seconds, "s")
        case ..<3599.5: Self.pair(Int64(clamping: seconds.rounded()), ("m", 60), ("s", 1))
        default: Self.pair(Int64(clamping: seconds / 60 + 0.5).multipliedSaturating(by: 60), ("h", 3600), ("m", 60))
        }
    }

    /// How long ago something is, where the digits line up: the largest unit of which there are two, cut: `119s`, `3h`,
    /// `12d`.
    package var age: String {
        let seconds = max(0, components.seconds)
        return switch seconds {
        case ..<120: "\(seconds)s"
        case ..<7200: "\(seconds / 60)m"
        case ..<172_800: "\(seconds / 3600)h"
        default: "\(seconds / 86400)d"
        }
    }

    /// With one digit behind the point, unless that is zero.
    private static func short(_ count: Double, _ unit: String) -> String {
        let tenths = Int(clamping: (count * 10).rounded())
        return tenths.isMultiple(of: 10) ? "\(tenths / 10)\(unit)" : "\(tenths / 10).\(tenths % 10)\(unit)"
    }

    private static func pair(
        _ seconds: Int64, _ large: (name: String, seconds: Int64), _ small: (name: String, seconds: Int64)
    ) -> String {
        let rest = seconds % large.seconds / small.seconds
        return "\(seconds / large.seconds)\(large.name)" + (rest == 0 ? "" : "\(rest)\(small.name)")
    }
}

extension DefaultStringInterpolation {
    /// The standard library would write `5.448226267695166 seconds`: the compiler refuses that here, as a warning that
    /// is an error.
    @available(*, deprecated, message: "say duration.written")
    package mutating func appendInterpolation(_ duration: Duration) { appendLiteral(duration.written) }
}
