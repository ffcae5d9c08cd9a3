import AdminAPI
import Contracts

/// The body of `GET /api/coverage`.
struct CoverageAnswer: Sendable, Encodable {
    var organization: String
    var verdict: Verdict
    var coverageVersion: String
    /// How precisely the place is known; absent when it is not.
    var precision: GeocodedLocation.Precision?
    var county: String?
    var countyFIPS: String?
    /// The counties that it may lie in; absent where that is sure.
    var counties: [CountyShare]?
    /// USPS code of the state that was named, or that the ZIP lies in.
    var state: String?
    /// Set when ZIP, city and state cannot all be right.
    var conflict: PlaceConflict?

    private enum Key: String, CodingKey {
        case organization, coverageVersion, precision, county, countyFips, counties, state, conflict
    }

    func encode(to encoder: any Encoder) throws {
        try verdict.encode(to: encoder)
        var container = encoder.container(keyedBy: Key.self)
        try container.encode(organization, forKey: .organization)
        try container.encode(coverageVersion, forKey: .coverageVersion)
        try container.encodeIfPresent(precision, forKey: .precision)
        try container.encodeIfPresent(county, forKey: .county)
        try container.encodeIfPresent(countyFIPS, forKey: .countyFips)
        try container.encodeIfPresent(counties, forKey: .counties)
        try container.encodeIfPresent(state, forKey: .state)
        try container.encodeIfPresent(conflict, forKey: .conflict)
    }
}
