import Contracts
import Metrics
import Places
import ServiceLifecycle
import ServiceRuntime

/// The geocode stage: one `RequestAccepted` in, one `RequestGeocoded` out.
///
/// The gazetteer in memory always answers: it says ZIP, county and conflict, and a location as coarse as a ZIP.
/// Geocoders that know streets are asked for a finer one, where there are any; see `StreetSearch` for what is
/// plausible. It fails only to wait for them, see `Patience`.
struct GeocodeHandler: StageHandler {
    typealias Input = Event<RequestAccepted>

    /// Who is asked for streets, and how long is waited for them.
    struct Streets: Sendable {
        var search: StreetSearch
        var patience: Patience
    }

    private let finder: PlaceFinder
    private let streets: @Sendable () -> Streets?
    private let answers: [GeocodedLocation.Precision: Counter]
    private let unknown: Counter
    private let conflicts: Counter
    private let coarsened: Counter

    /// - Parameter streets: asked for each request; `nil` for the gazetteer alone.
    init(gazetteer: Gazetteer, streets: @escaping @Sendable () -> Streets? = { nil }) {
        finder = PlaceFinder(gazetteer: gazetteer)
        self.streets = streets
        let precisions: [GeocodedLocation.Precision] = [.rooftop, .interpolated, .street, .zip, .city, .zip3]
        answers = Dictionary(uniqueKeysWithValues: precisions.map { ($0, Self.counter($0.rawValue)) })
        unknown = Self.counter("none")
        conflicts = Counter(label: "intake_geocode_conflicts_total")
        coarsened = Counter(label: "intake_geocode_unavailable_total")
    }

    /// The gazetteer alone answers in microseconds; geocoders let each message wait by itself.
    var handlesTogether: Bool { streets() == nil }

    func handle(_ input: Event<RequestAccepted>, context: StageContext) async throws(StageFailure) -> [any EventData] {
        let accepted = input.data
        let place = place(accepted)
        var geocoding = geocoding(accepted, place)
        if let streets = streets() {
            try await refine(&geocoding, accepted, place, streets, context)
        }
        let counter = geocoding.location.map { answers[$0.precision] ?? unknown } ?? unknown
        counter.increment()
        if geocoding.conflict != nil { conflicts.increment() }
        return [RequestGeocoded(accepted.request, geocoding)]
    }

    private func refine(
        _ geocoding: inout Geocoding, _ accepted: RequestAccepted, _ place: PlaceFinding, _ streets: Streets,
        _ context: StageContext
    ) async throws(StageFailure) {
        let outcome = await streets.search.find(accepted.address, place: place, state: geocoding.state)
        geocoding.disputes = outcome.disputes
        if let match = outcome.match {
            geocoding.location = match.location
            geocoding.reason = nil
            let states = place.states.isEmpty ? [geocoding.state] : place.states
            if let county = match.countyFIPS.flatMap(finder.gazetteer.county), states.contains(county.state) {
                geocoding.settle(county)
                // The ZIP lies in both states, and the street in the one that was not named.
                if geocoding.conflict == nil, county.state != geocoding.state {
                    geocoding.conflict = PlaceConflict(zipState: county.state)
                }
            }
            return
        }
        let failure = streets.patience.failure(
            for: outcome.silent, acceptedAt: accepted.request.acceptedAt, now: context.now,
            isStopping: Task.isShuttingDownGracefully || Task.isCancelled)
        if let failure { throw failure }
        geocoding.unavailable = outcome.silent.map(\.geocoder)
        if !geocoding.unavailable.isEmpty { coarsened.increment() }
    }

    private func place(_ accepted: RequestAccepted) -> PlaceFinding {
        let address = accepted.address
        return finder.find(zip: ZIPCode(address.zip), city: address.city, state: address.state.uppercased())
    }

    /// What the gazetteer alone says. The street goes no farther than this stage; name, phone and e-mail never came.
    private func geocoding(_ accepted: RequestAccepted, _ place: PlaceFinding) -> Geocoding {
        let address = accepted.address
        return Geocoding(
            state: address.state.uppercased(), zip: ZIPCode(address.zip)?.text ?? String(address.zip.prefix(5)),
            countyFIPS: place.county?.fips, county: place.county?.name, counties: place.counties,
            location: place.location, reason: place.location == nil ? .noMatch : nil, conflict: place.conflict,
            regionCode: accepted.regionCode)
    }

    private static func counter(_ precision: String) -> Counter {
        Counter(label: "intake_geocode_answers_total", dimensions: [("precision", precision)])
    }
}

extension Geocoding {
    /// Takes the county that a geocoder names. In Connecticut some name the planning region, others the older county:
    /// the place lies in one of each, and what is covered must not depend on who has answered.
    fileprivate mutating func settle(_ named: County) {
        let named = CountyShare(fips: named.fips, name: named.name, share: 1)
        let ofOtherKind = counties.filter { part in
            part.isPlanningRegion != named.isPlanningRegion && part.state == named.state
        }
        counties = named.isPlanningRegion ? ofOtherKind + [named] : ofOtherKind.isEmpty ? [] : [named] + ofOtherKind
        guard !named.isPlanningRegion else { return }
        (countyFIPS, county) = (named.fips, named.name)
    }
}
