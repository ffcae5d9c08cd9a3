import Logging
import ServiceRuntime
import Synchronization

/// The geocoders that are asked at present, each with its decorators.
///
/// A changed file replaces those whose entry has changed. The others stay as they are: what is known of their troubles,
/// who waits for them. So does a rate limiter that is shared with other replicas, whatever becomes of its entry: two of
/// one name would not keep each other off.
final class Geocoders: Sendable {
    /// Makes what asks a geocoder, without decorators.
    typealias Maker = @Sendable (GeocoderEntry) throws -> any StreetGeocoder
    /// Makes the rate limiter of all replicas, by name and questions a second.
    typealias LimiterMaker = @Sendable (_ name: String, _ perSecond: Double) -> DistributedRateLimiter

    private struct State {
        var known: [(entry: GeocoderEntry, geocoder: any StreetGeocoder)] = []
        var limiters: [String: DistributedRateLimiter] = [:]
        var cache: AnswerCache?
        var streets: GeocodeHandler.Streets?
    }

    private let make: Maker
    private let makeLimiter: LimiterMaker
    private let cachePath: String
    private let logger: Logger
    private let state = Mutex(State())

    /// - Parameter cachePath: made when the first geocoder is there whose answers are kept.
    init(cachePath: String, logger: Logger, limiter: @escaping LimiterMaker, make: @escaping Maker) {
        self.make = make
        makeLimiter = limiter
        self.cachePath = cachePath
        self.logger = logger
    }

    /// Whom a request is to ask; `nil` when there is nobody but the gazetteer.
    var streets: GeocodeHandler.Streets? { state.withLock { $0.streets } }

    /// What keeps the cache from being used; `nil` when nothing does, and when nobody needs it.
    var cacheProblem: String? { state.withLock { $0.cache?.problem } }

    /// Asks these from now on, in this order. Called by one at a time, at start and when the file has changed.
    /// - Throws: what the maker throws; all then stays as it was.
    func use(_ entries: [GeocoderEntry], patience: Duration) async throws {
        let before = state.withLock { $0.known }
        var known: [(entry: GeocoderEntry, geocoder: any StreetGeocoder)] = []
        for entry in entries {
            if let same = before.first(where: { $0.entry == entry }) {
                known.append(same)
            } else {
                known.append((entry, await decorated(try make(entry), entry)))
            }
        }
        let search = StreetSearch(geocoders: known.map(\.geocoder))
        let streets = GeocodeHandler.Streets(search: search, patience: Patience(limit: patience))
        state.withLock { state in
            state.known = known
            state.streets = known.isEmpty ? nil : streets
        }
    }

    /// From the outside in: one question for all who ask the same, the answers that are kept, the rate, alone or
    /// shared, the places, the breaker, the figures.
    private func decorated(_ adapter: any StreetGeocoder, _ entry: GeocoderEntry) async -> any StreetGeocoder {
        let observed = InstrumentedGeocoder(adapter, logger: logger)
        // A file of one's own needs none of them, and answers as fast as the cache would.
        if entry.kind == .addresses { return observed }
        let guarded = CircuitBreakingGeocoder(observed, logger: logger)
        let paced: any StreetGeocoder
        if let rate = entry.rate, entry.isRateShared {
            let limiter = limiter(named: entry.name, perSecond: rate)
            await limiter.change(perSecond: rate)
            paced = SharedRateGeocoder(guarded, limiter: limiter)
        } else {
            paced = ConcurrencyLimitedGeocoder(
                RateLimitedGeocoder(guarded, perSecond: entry.rate), concurrency: entry.concurrency)
        }
        guard entry.keepsAnswers > .zero || entry.keepsNonAnswers > .zero else {
            return CoalescingGeocoder(paced, entry: entry)
        }
        return CoalescingGeocoder(CachingGeocoder(paced, entry: entry, cache: cache()), entry: entry)
    }

    private func limiter(named name: String, perSecond rate: Double) -> DistributedRateLimiter {
        state.withLock { state in
            let limiter = state.limiters[name] ?? makeLimiter(name, rate)
            state.limiters[name] = limiter
            return limiter
        }
    }

    private func cache() -> AnswerCache {
        state.withLock { state in
            let cache = state.cache ?? AnswerCache(path: cachePath, logger: logger)
            state.cache = cache
            return cache
        }
    }
}
