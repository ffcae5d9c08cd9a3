import ArgumentParser
import ServiceRuntime

/// A length of time as people write it on a command line: `250ms`, `30s`, `5m`, `1h`.
package struct TimeSpan: ExpressibleByArgument, CustomStringConvertible {
    package var duration: Duration

    package init(_ duration: Duration) { self.duration = duration }

    /// `nil` for what is no length of time, zero, or more than a day.
    package init?(argument: String) {
        guard let duration = Duration(configured: argument), duration > .zero, duration <= .seconds(86_400) else {
            return nil
        }
        self.duration = duration
    }

    package var description: String { duration.configured }
}
