import Contracts
import Metrics

/// Asks only what is not known yet.
struct CachingGeocoder: StreetGeocoder {
    private let inner: any StreetGeocoder
    private let entry: GeocoderEntry
    private let cache: AnswerCache
    private let hits: Counter
    private let misses: Counter

    init(_ inner: any StreetGeocoder, entry: GeocoderEntry, cache: AnswerCache) {
        self.inner = inner
        self.entry = entry
        self.cache = cache
        func counter(_ result: String) -> Counter {
            Counter(label: "intake_geocoder_cache_total", dimensions: [("geocoder", entry.name), ("result", result)])
        }
        hits = counter("hit")
        misses = counter("miss")
    }

    var name: String { inner.name }

    func find(_ address: PostalAddress) async throws(GeocoderFailure) -> StreetFinding {
        let key = AddressKey(address, askedOf: entry)
        if let known = await cache.answer(to: key) {
            hits.increment()
            return known
        }
        misses.increment()
        let finding = try await inner.find(address)
        let lifetime =
            switch finding {
            case .found: entry.keepsAnswers
            case .noMatch: entry.keepsNonAnswers
            }
        await cache.keep(finding, for: key, lifetime: lifetime)
        return finding
    }
}
