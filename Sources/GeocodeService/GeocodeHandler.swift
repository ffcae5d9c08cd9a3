import Contracts
import Metrics
import Places
import ServiceRuntime

/// The geocode stage: one `RequestAccepted` in, one `RequestGeocoded` out. It needs nothing but the gazetteer in memory,
/// so it never fails.
struct GeocodeHandler: StageHandler {
    typealias Input = Event<RequestAccepted>

    private let finder: PlaceFinder
    private let answers: [GeocodedLocation.Precision: Counter]
    private let unknown: Counter
    private let conflicts: Counter

    init(gazetteer: Gazetteer) {
        finder = PlaceFinder(gazetteer: gazetteer)
        answers = Dictionary(
            uniqueKeysWithValues: [GeocodedLocation.Precision.zip, .city, .zip3].map { ($0, Self.counter($0.rawValue)) }
        )
        unknown = Self.counter("none")
        conflicts = Counter(label: "intake_geocode_conflicts_total")
    }

    func handle(_ input: Event<RequestAccepted>, context: StageContext) async throws(StageFailure) -> [any EventData] {
        let geocoded = geocode(input.data)
        let counter = geocoded.location.flatMap { answers[$0.precision] } ?? unknown
        counter.increment()
        if geocoded.conflict != nil { conflicts.increment() }
        return [geocoded]
    }

    /// The street goes no farther than this; name, phone and e-mail never came.
    func geocode(_ accepted: RequestAccepted) -> RequestGeocoded {
        let address = accepted.address
        let zip = ZIPCode(address.zip)
        let state = address.state.uppercased()
        let found = finder.find(zip: zip, city: address.city, state: state)
        return RequestGeocoded(
            provider: accepted.provider, providerRequestID: accepted.providerRequestID,
            organization: accepted.organization, state: state,
            zip: zip?.text ?? String(address.zip.prefix(5)), countyFIPS: found.county?.fips,
            county: found.county?.name, location: found.location, reason: found.location == nil ? .noMatch : nil,
            conflict: found.conflict, regionCode: accepted.regionCode, acceptedAt: accepted.acceptedAt)
    }

    private static func counter(_ precision: String) -> Counter {
        Counter(label: "intake_geocode_answers_total", dimensions: [("precision", precision)])
    }
}
