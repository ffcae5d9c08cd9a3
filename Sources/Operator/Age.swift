import ArgumentParser
import Contracts
import ServiceRuntime

/// How long ago something was, as people write it on a command line: `30s`, `5m`, `2h`, `7d`.
struct Age: ExpressibleByArgument {
    var duration: Duration

    init(_ duration: Duration) { self.duration = duration }

    /// `nil` for what is no length of time, or shorter than a second.
    init?(argument: String) {
        var duration = Duration(configured: argument)
        if argument.last == "d", let days = Int(foreign: argument.dropLast(), in: 1...36500) {
            duration = .seconds(days * 86400)
        }
        guard let duration, duration >= .seconds(1) else { return nil }
        self.duration = duration
    }

    /// The largest unit that fits: `3h`, `12m`.
    static func text(_ duration: Duration) -> String {
        let seconds = max(0, duration.components.seconds)
        return switch seconds {
        case 0..<120: "\(seconds)s"
        case 120..<7200: "\(seconds / 60)m"
        case 7200..<172_800: "\(seconds / 3600)h"
        default: "\(seconds / 86400)d"
        }
    }
}
