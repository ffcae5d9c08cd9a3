import Contracts

import struct Foundation.Date

/// Where a request is and what was decided, without anything about a person: what a change of the coverage is tried on.
struct RequestPlaceView: Sendable, Encodable {
    var id: RequestID
    var organization: String
    var provider: String
    var acceptedAt: Date
    /// USPS code of the state that the partner named.
    var state: String
    /// Five digits.
    var zip: String
    var countyFips: String?
    var county: String?
    /// The counties that it may lie in; absent where that is sure.
    var counties: [CountyShare]?
    /// Absent when the place was not found, or not looked for yet.
    var location: GeocodedLocation?
    var conflict: PlaceConflict?
    var regionCode: String?
    /// Whether the place was looked for.
    var geocoded: Bool
    /// Absent as long as nothing is decided.
    var decision: Decided?

    struct Decided: Sendable, Encodable {
        var acceptance: Bool
        var reason: String
        var rule: String?
        var coverageVersion: String
        var at: Date
    }

    init(_ request: StoredRequest) {
        id = request.id
        organization = request.provider.organization
        provider = request.provider.id
        acceptedAt = request.acceptedAt
        state = request.submission.address.state.uppercased()
        zip = String(request.submission.address.zip.prefix(5))
        countyFips = request.geocoding?.countyFIPS
        county = request.geocoding?.county
        counties = request.geocoding.flatMap { $0.counties.isEmpty ? nil : $0.counties }
        location = request.geocoding?.location
        conflict = request.geocoding?.conflict
        regionCode = request.submission.regionCode
        geocoded = request.geocoding != nil
        decision = request.decision.map {
            Decided(
                acceptance: $0.acceptance, reason: $0.reason.rawValue, rule: $0.rule,
                coverageVersion: $0.coverageVersion, at: $0.at)
        }
    }
}
