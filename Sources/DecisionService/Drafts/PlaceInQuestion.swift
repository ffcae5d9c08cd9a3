import Contracts

/// A place to decide about, as the admin APIs pass it on: nothing of a person.
struct PlaceInQuestion: Sendable, Decodable {
    var organization: String
    /// USPS code of the state that the partner named.
    var state: String
    var zip: String
    var countyFips: String?
    var county: String?
    var counties: [CountyShare]?
    var location: Location?
    var conflict: PlaceConflict?
    var regionCode: String?

    struct Location: Sendable, Decodable {
        var latitude: Double
        var longitude: Double
        var precision: String
        var uncertaintyKilometres: Double?
    }

    var geocoding: Geocoding {
        Geocoding(
            state: state, zip: String(zip.prefix(5)), countyFIPS: countyFips, county: county, counties: counties ?? [],
            location: location.map {
                GeocodedLocation(
                    latitude: $0.latitude, longitude: $0.longitude, precision: .init(rawValue: $0.precision),
                    source: "question", uncertaintyKilometres: $0.uncertaintyKilometres)
            }, reason: location == nil ? .noMatch : nil, conflict: conflict, regionCode: regionCode)
    }
}
