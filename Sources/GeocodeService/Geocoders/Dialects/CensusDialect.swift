import Contracts

/// The geocoder of the US Census Bureau (Geocoding Services API of 2024): streets of the United States, Puerto Rico and
/// the Island Areas, with the county, and without a key.
///
/// - Precision: always `interpolated`. The point is reckoned along the street from the ranges of its house numbers.
/// - Confidence: the service gives none. 0.9, or 0.7 when the ZIP is not the one that was asked for, divided by the
///   number of different places that it found.
struct CensusDialect: GeocoderDialect {
    let source: String
    let benchmark: String
    /// `nil` to ask for no county.
    let vintage: String?

    func question(_ address: PostalAddress) -> GeocoderQuestion {
        GeocoderQuestion(
            path: vintage == nil ? "/geocoder/locations/address" : "/geocoder/geographies/address",
            [
                "street": address.streetAsked, "city": address.city, "state": address.state, "zip": address.shortZIP,
                "benchmark": benchmark, "vintage": vintage ?? "", "format": "json",
            ])
    }

    func finding(in answer: GeocoderAnswer, for address: PostalAddress) throws(GeocoderFailure) -> StreetFinding {
        if answer.status == 400 { return try refusal(answer) }
        try answer.requireOK()
        let matches = try answer.json(CensusReply.self).result.addressMatches
        let places = Set(matches.map(\.coordinates)).count
        guard let match = matches.first(where: { isSameZIP($0, address) }) ?? matches.first else { return .noMatch }
        return .found(
            try StreetMatch(
                latitude: match.coordinates.y, longitude: match.coordinates.x, precision: .interpolated, source: source,
                confidence: (isSameZIP(match, address) ? 0.9 : 0.7) / Double(places),
                state: StateCode.code(match.addressComponents?.state), countyFIPS: match.countyFIPS,
                matchedText: match.matchedAddress))
    }

    private func isSameZIP(_ match: CensusReply.Match, _ address: PostalAddress) -> Bool {
        match.addressComponents?.zip == address.shortZIP
    }

    /// The service refuses an address that it cannot read with the same status as an edition that it does not have.
    private func refusal(_ answer: GeocoderAnswer) throws(GeocoderFailure) -> StreetFinding {
        let errors = try answer.json(CensusRefusal.self).errors.joined().lowercased()
        guard errors.contains("benchmark") || errors.contains("vintage") else { return .noMatch }
        throw GeocoderFailure(
            kind: .refused, code: "unknown-edition", message: "The service does not have that benchmark or vintage.")
    }
}
