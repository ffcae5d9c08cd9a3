import Contracts
import ServiceLifecycle
import ServiceRuntime

/// Asks no more often than allowed, in this process.
struct RateLimitedGeocoder: StreetGeocoder {
    /// How long a question waits for its moment at most; whoever would wait longer does so in a retry queue.
    static let patience = Duration.seconds(30)

    private let inner: CircuitBreakingGeocoder
    private let rate: StartRate

    /// - Parameter perSecond: more than zero; `nil` for no limit.
    init(_ inner: CircuitBreakingGeocoder, perSecond: Double?) {
        self.inner = inner
        rate = StartRate(perSecond: perSecond)
    }

    var name: String { inner.name }

    func find(_ address: PostalAddress) async throws(GeocoderFailure) -> StreetFinding {
        // Nobody takes a moment for a question that is not going to be asked.
        try inner.check()
        let now = ContinuousClock.now
        guard let moment = rate.take(at: now, before: now + Self.patience) else {
            throw .crowded(retryAfter: Self.patience)
        }
        if moment > now {
            do {
                try await cancelWhenGracefulShutdown { try await Task.sleep(until: moment, clock: .continuous) }
            } catch {
                throw .stopping
            }
        }
        return try await inner.find(address)
    }
}

/// Asks no more often than allowed to all replicas together.
struct SharedRateGeocoder: StreetGeocoder {
    private let inner: CircuitBreakingGeocoder
    private let limiter: DistributedRateLimiter

    init(_ inner: CircuitBreakingGeocoder, limiter: DistributedRateLimiter) {
        self.inner = inner
        self.limiter = limiter
    }

    var name: String { inner.name }

    func find(_ address: PostalAddress) async throws(GeocoderFailure) -> StreetFinding {
        // Nobody takes a turn for a question that is not going to be asked.
        try inner.check()
        let outcome: Result<StreetFinding, GeocoderFailure>
        do throws(RateLimitRefusal) {
            outcome = try await limiter.perform { await inner.outcome(of: address) }
        } catch {
            switch error {
            case .stopping: throw .stopping
            case .taken, .crowded: throw .crowded(retryAfter: await limiter.backlog)
            case .unknown: throw .noTurn
            }
        }
        return try outcome.get()
    }
}
