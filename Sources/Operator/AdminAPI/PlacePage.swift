import Contracts

import struct Foundation.Date
import struct Foundation.UUID

/// A page of past requests: where they are, and what was decided.
struct PlacePage: Sendable, Equatable, Decodable {
    var places: [Place]
    /// Where the next page begins; absent on the last.
    var next: UUID?

    struct Place: Sendable, Equatable, Decodable {
        var id: AdminID
        var organization: String
        var state: String
        var zip: String
        var countyFips: String?
        var county: String?
        var counties: [CountyShare]?
        var location: Location?
        var conflict: PlaceConflict?
        var regionCode: String?
        var geocoded: Bool
        var decision: Decision?
    }

    struct Location: Sendable, Equatable, Codable {
        var latitude: Double
        var longitude: Double
        var precision: String
        var uncertaintyKilometres: Double?
    }

    struct Decision: Sendable, Equatable, Decodable {
        var acceptance: Bool
        var reason: String
        var rule: String?
    }
}

extension PlacePage.Place: Encodable {
    private enum Key: String, CodingKey {
        case organization, state, zip, countyFips, county, counties, location, conflict, regionCode
    }

    /// What DecisionService needs, and no more.
    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        try container.encode(organization, forKey: .organization)
        try container.encode(state, forKey: .state)
        try container.encode(zip, forKey: .zip)
        try container.encodeIfPresent(countyFips, forKey: .countyFips)
        try container.encodeIfPresent(county, forKey: .county)
        try container.encodeIfPresent(counties, forKey: .counties)
        try container.encodeIfPresent(location, forKey: .location)
        try container.encodeIfPresent(conflict, forKey: .conflict)
        try container.encodeIfPresent(regionCode, forKey: .regionCode)
    }
}
