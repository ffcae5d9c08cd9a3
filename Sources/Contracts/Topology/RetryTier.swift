/// One waiting time of a stage, with a queue of its own: `<queue>.retry.<name>`.
package struct RetryTier: Sendable, Hashable, Comparable {
    /// How long a message waits.
    package let delay: Duration
    /// The delay as people write it: `5s`, `2m`, `1h`.
    package let name: String

    package static func seconds(_ count: Int) -> RetryTier { RetryTier(delay: .seconds(count), name: "\(count)s") }
    package static func minutes(_ count: Int) -> RetryTier { RetryTier(delay: .seconds(60 * count), name: "\(count)m") }
    package static func hours(_ count: Int) -> RetryTier { RetryTier(delay: .seconds(3600 * count), name: "\(count)h") }

    package var milliseconds: Int64 {
        delay.components.seconds * 1000 + delay.components.attoseconds / 1_000_000_000_000_000
    }

    package static func < (left: RetryTier, right: RetryTier) -> Bool { left.delay < right.delay }
}
