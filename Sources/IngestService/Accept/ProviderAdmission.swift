import Contracts
import HTTPListener
import Synchronization

/// Lets a provider's submissions in as often, and as many at once, as `providers.yaml` allows.
///
/// Counted in this process alone, and from the moment when the provider is known: what comes from strangers is turned
/// away before. There is an entry for each provider in the file at most.
final class ProviderAdmission: Sendable {
    private struct Traffic {
        var bucket: TokenBucket<ContinuousClock.Instant>
        var inFlight = 0
    }

    /// One submission that is under way, from `enter` to `leave`.
    struct Place: Sendable {
        fileprivate let provider: String
    }

    private let now: @Sendable () -> ContinuousClock.Instant
    private let traffic = Mutex<[String: Traffic]>([:])

    init(now: @escaping @Sendable () -> ContinuousClock.Instant = { .now }) { self.now = now }

    /// - Parameter limits: those that are in force at this moment.
    /// - Throws: `Problem` with status 429.
    func enter(_ provider: String, _ limits: ProviderLimits) throws(Problem) -> Place {
        let now = now()
        let refusal: Problem? = traffic.withLock { all in
            var traffic = all[provider] ?? Traffic(bucket: TokenBucket(at: now))
            defer { all[provider] = traffic }
            if let limit = limits.inFlight, traffic.inFlight >= limit { return .tooManyInFlight(limit: limit) }
            if let rate = limits.rate {
                let burst = limits.burst ?? max(1, Int(clamping: .seconds(1) / rate.interval))
                if let wait = traffic.bucket.take(at: now, interval: rate.interval, burst: burst) {
                    return .rateLimited(wait: wait)
                }
            }
            traffic.inFlight += 1
            return nil
        }
        if let refusal { throw refusal }
        return Place(provider: provider)
    }

    /// Must be called once for each place.
    func leave(_ place: Place) { traffic.withLock { $0[place.provider]?.inFlight -= 1 } }
}

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
