/// The limit of a rate: a bucket that holds as many tokens as a burst may have, and gets a new one each interval.
///
/// Kept as the time at which it will be full again, so that nothing is ever rounded or has to be refilled.
struct TokenBucket<Instant: InstantProtocol>: Sendable where Instant.Duration == Duration {
    private var fullAt: Instant

    /// A full one.
    init(at now: Instant) { fullAt = now }

    /// Takes a token.
    /// - Parameters:
    ///   - interval: from one token to the next.
    ///   - burst: how many there are at most.
    /// - Returns: `nil` when there was one, else how long it takes until there is.
    mutating func take(at now: Instant, interval: Duration, burst: Int) -> Duration? {
        let next = max(fullAt, now).advanced(by: interval)
        let excess = now.duration(to: next) - interval * burst
        guard excess <= .zero else { return excess }
        fullAt = next
        return nil
    }
}
