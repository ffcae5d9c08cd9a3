import Contracts
import ServiceRuntime

/// Asks only so many questions at a time.
struct CrowdedGeocoder: StreetGeocoder {
    /// How many wait at most for one of the places.
    static let longest = 48

    private let inner: any StreetGeocoder
    private let line: WaitingLine

    init(_ inner: any StreetGeocoder, concurrency: Int) {
        self.inner = inner
        line = WaitingLine(places: concurrency, longest: Self.longest)
    }

    var name: String { inner.name }

    func find(_ address: PostalAddress) async throws(GeocoderFailure) -> StreetFinding {
        do throws(WaitingLine.Refusal) {
            try await line.enter()
        } catch {
            switch error {
            case .full: throw .crowded(retryAfter: nil)
            case .stopping: throw .stopping
            }
        }
        defer { line.leave() }
        return try await inner.find(address)
    }
}
