import Contracts
import ServiceRuntime

/// Pelias, and services that run it, such as Geocode Earth (`/v1/search/structured`).
///
/// - Precision: `interpolated` where `match_type` or `accuracy` says so; `rooftop` for an address or a venue that bears
///   the house number that was asked for; `street` for a street, and for what does not bear it. Coarser layers are no
///   match.
/// - Confidence: the service's own `confidence`.
struct PeliasDialect: GeocoderDialect {
    let source: String
    /// A server of one's own asks for none.
    let key: Secret?

    func question(_ address: PostalAddress) -> GeocoderQuestion {
        GeocoderQuestion(
            path: "/v1/search/structured",
            [
                "address": address.streetAsked, "locality": address.city, "region": address.state,
                "postalcode": address.shortZIP, "country": Self.country(of: address.state), "size": "1",
                "api_key": key?.revealed ?? "",
            ])
    }

    func finding(in answer: GeocoderAnswer, for address: PostalAddress) throws(GeocoderFailure) -> StreetFinding {
        if answer.status == 400 {
            // It cannot make a query of such an address, and says so in its own JSON.
            _ = try answer.json(PeliasRefusal.self)
            return .noMatch
        }
        try answer.requireOK()
        guard let feature = try answer.json(PeliasReply.self).features.first,
            StateCode.isDomestic(country: feature.properties.countryCode),
            let precision = precision(of: feature.properties, address)
        else { return .noMatch }
        guard feature.geometry.coordinates.count >= 2 else {
            throw GeocoderFailure(
                kind: .unreadable, code: "wrong-shape", message: "The answer's point lacks a coordinate.")
        }
        return .found(
            try StreetMatch(
                // RFC 7946, section 3.1.1: the longitude comes first.
                latitude: feature.geometry.coordinates[1], longitude: feature.geometry.coordinates[0],
                precision: precision, source: source, confidence: feature.properties.confidence,
                state: feature.properties.state, matchedText: feature.properties.label))
    }

    private func precision(
        of place: PeliasReply.Properties, _ address: PostalAddress
    ) -> GeocodedLocation.Precision? {
        switch place.layer {
        case "street", "intersection": return .street
        case "address", "venue":
            guard address.isHouse(place.housenumber) else { return .street }
            return place.matchType == "interpolated" || place.accuracy == "interpolated" ? .interpolated : .rooftop
        default: return nil
        }
    }

    /// ISO 3166-1, three letters: Who's on First has the territories beside the country, not in it.
    private static func country(of state: String) -> String {
        switch state {
        case "AS": "ASM"
        case "GU": "GUM"
        case "MP": "MNP"
        case "PR": "PRI"
        case "VI": "VIR"
        default: "USA"
        }
    }
}
