/// One waiting time of a stage, with a queue of its own: `<queue>.retry.<name>`.
package struct RetryTier: Sendable, Hashable, Comparable {
    /// How long a message waits.
    package let delay: Duration
    /// The delay as people write it: `5s`, `2m`, `1h`.
    package let name: String

    package static func seconds(_ count: Int) -> RetryTier { RetryTier(delay: .seconds(count), name: "\(count)s") }
    package static func minutes(_ count: Int) -> RetryTier { RetryTier(delay: .seconds(60 * count), name: "\(count)m") }
    package static func hours(_ count: Int) -> RetryTier { RetryTier(delay: .seconds(3600 * count), name: "\(count)h") }

    /// By which part of the delay a message's wait may differ from it.
    package static let jitter = 0.2

    /// The longest that a message waits, milliseconds; one may have a shorter time of its own.
    package var longestWait: Int64 { (delay * (1 + Self.jitter)).milliseconds }

    package static func < (left: RetryTier, right: RetryTier) -> Bool { left.delay < right.delay }
}

extension Duration {
    /// Whole milliseconds, cut.
    package var milliseconds: Int64 {
        components.seconds * 1000 + components.attoseconds / 1_000_000_000_000_000
    }
}
