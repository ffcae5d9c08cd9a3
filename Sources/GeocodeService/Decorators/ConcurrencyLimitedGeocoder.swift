import Contracts
import ServiceRuntime

/// Asks only so many questions at a time.
struct ConcurrencyLimitedGeocoder: StreetGeocoder {
    /// How many wait at most for one of the places.
    static let longest = 48

    private let inner: any StreetGeocoder
    private let limiter: ConcurrencyLimiter

    init(_ inner: any StreetGeocoder, concurrency: Int) {
        self.inner = inner
        limiter = ConcurrencyLimiter(places: concurrency, longest: Self.longest)
    }

    var name: String { inner.name }

    func find(_ address: PostalAddress) async throws(GeocoderFailure) -> StreetFinding {
        do throws(ConcurrencyLimiter.Refusal) {
            try await limiter.enter()
        } catch {
            switch error {
            case .full: throw .crowded(retryAfter: nil)
            case .stopping: throw .stopping
            }
        }
        defer { limiter.leave() }
        return try await inner.find(address)
    }
}
