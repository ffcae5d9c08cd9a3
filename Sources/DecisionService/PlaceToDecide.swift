import Contracts

/// What of a geocoded request the rules are held against.
struct PlaceToDecide: Sendable, Equatable {
    /// The five digits that the partner named.
    var zip: String
    /// USPS code of the state that the place lies in; `nil` when that is open.
    var state: String?
    /// USPS codes of all states that it may lie in: two, when the ZIP contradicts the named one, or lies in both.
    var possibleStates: Set<String>
    var countyFIPS: String?
    var county: String?
    /// The counties that it may lie in, by kind: those of Connecticut's planning regions make 1 of their own. The known
    /// county alone, where that is sure; empty when none is known.
    var counties: [[CountyShare]]
    var regionCode: String?
    /// `nil` when the place is not known at all.
    var location: GeocodedLocation?
    /// Whether the ZIP and what else was named contradict each other.
    var isDisputed: Bool

    /// The state is the one that the location lies in. A location by ZIP, or by a street that was looked for in it,
    /// lies in the ZIP's state, whatever the partner named: mail goes by ZIP. A location by city or prefix was looked
    /// for in the state that was named. Without a location the named state holds, unless the ZIP contradicts it: then
    /// neither is sure. Nor is it where the counties that are possible lie in several.
    init(_ geocoded: Geocoding) {
        zip = geocoded.zip
        countyFIPS = geocoded.countyFIPS
        county = geocoded.county
        let known = CountyShare(fips: geocoded.countyFIPS ?? "", name: geocoded.county ?? "", share: 1)
        let isKnown = geocoded.countyFIPS != nil || geocoded.county != nil
        counties =
            geocoded.counties.isEmpty
            ? isKnown ? [[known]] : []
            : Self.byKind(geocoded.counties)
        regionCode = geocoded.regionCode
        location = geocoded.location
        isDisputed = geocoded.conflict != nil
        let zipState = geocoded.conflict?.zipState
        let ofCounties = Set(geocoded.counties.compactMap(\.state))
        possibleStates = Set([geocoded.state, zipState].compactMap(\.self))
        guard ofCounties.count < 2 else {
            possibleStates.formUnion(ofCounties)
            return
        }
        switch geocoded.location?.precision {
        case .zip?, .street?, .interpolated?, .rooftop?: state = zipState ?? geocoded.state
        case .some: state = geocoded.state
        case nil: state = zipState == nil ? geocoded.state : nil
        }
    }

    /// Connecticut's counties and its planning regions, each with what lies in other states: either way these are all
    /// there is.
    private static func byKind(_ counties: [CountyShare]) -> [[CountyShare]] {
        let regions = counties.filter(\.isPlanningRegion)
        guard let state = regions.first?.state else { return [counties] }
        return [counties.filter { !$0.isPlanningRegion }, regions + counties.filter { $0.state != state }]
            .filter { !$0.isEmpty }
    }
}
