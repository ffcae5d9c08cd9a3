import Contracts

/// Nominatim, the geocoder of OpenStreetMap (`/search` with a structured query, format `jsonv2`).
///
/// - Precision: `rooftop` for a house or another point of rank 28 and above; `interpolated` for a house number that
///   belongs to a line, from a TIGER range or one of the map's own; `street` for the street, and for a point that does
///   not bear the number that was asked for. A rank below 26 is coarser than a street, and no match.
/// - Confidence: the service gives none; its `importance` is the place's fame. 0.4, and what of the question the answer
///   repeats: the house number 0.3, the ZIP 0.2, the state 0.1.
struct NominatimDialect: GeocoderDialect {
    /// OpenStreetMap's licence asks for it wherever the data are shown.
    static let attribution = "© OpenStreetMap contributors, ODbL 1.0"

    let source: String

    func question(_ address: PostalAddress) -> GeocoderQuestion {
        GeocoderQuestion(
            path: "/search",
            [
                "street": address.streetAsked, "city": address.city, "state": address.state,
                "postalcode": address.shortZIP,
                // ISO 3166-1 counts the island as a country too.
                "countrycodes": address.state == "PR" ? "us,pr" : "us",
                "format": "jsonv2", "addressdetails": "1", "limit": "1",
            ])
    }

    func finding(in answer: GeocoderAnswer, for address: PostalAddress) throws(GeocoderFailure) -> StreetFinding {
        if let failure = overLimit(answer) { throw failure }
        // It cannot make a query of such an address.
        if answer.status == 400, !answer.isMarkup { return .noMatch }
        try answer.requireOK()
        guard let place = try answer.json([NominatimPlace].self).first,
            StateCode.isDomestic(country: place.address?.countryCode), let precision = precision(of: place, address)
        else { return .noMatch }
        return .found(
            try StreetMatch(
                latitude: place.lat.value, longitude: place.lon.value, precision: precision, source: source,
                confidence: confidence(in: place, address),
                attribution: place.licence ?? Self.attribution, state: place.state, matchedText: place.displayName))
    }

    /// Whoever asks too often gets 429 or 403, or a web page that says so, with whatever status.
    private func overLimit(_ answer: GeocoderAnswer) -> GeocoderFailure? {
        let saysSo =
            answer.isMarkup
            && ["limit exceeded", "usage policy", "blocked"].contains(
                where: String(decoding: answer.body, as: UTF8.self).lowercased().contains)
        guard saysSo || answer.status == 429 || answer.status == 403 else { return nil }
        return GeocoderFailure(
            kind: .away(retryAfter: answer.retryAfter), code: "over-limit",
            message: "The service has shut us out for a while: asked too often, or without a contact it accepts.")
    }

    private func precision(
        of place: NominatimPlace, _ address: PostalAddress
    ) -> GeocodedLocation.Precision? {
        switch place.extent {
        case .coarse: nil
        case .street: .street
        case .line: address.isHouse(place.address?.houseNumber) ? .interpolated : .street
        case .point: address.isHouse(place.address?.houseNumber) ? .rooftop : .street
        }
    }

    private func confidence(in place: NominatimPlace, _ address: PostalAddress) -> Double {
        let hasNumber = address.hasHouseNumber && address.isHouse(place.address?.houseNumber)
        let hasZIP = place.address?.postcode?.prefix(5) == address.shortZIP[...]
        let hasState = place.state == address.state.uppercased()
        return Double(4 + (hasNumber ? 3 : 0) + (hasZIP ? 2 : 0) + (hasState ? 1 : 0)) / 10
    }
}
