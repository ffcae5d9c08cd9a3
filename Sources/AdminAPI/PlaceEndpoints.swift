package import Contracts

package import struct Foundation.Date

/// Where past requests are and what was decided, those that were accepted at a time or later, oldest first: what a
/// change of the coverage is tried on.
package enum ListPlaces: AdminEndpoint {
    package static let route = AdminRoute(.get, "requests/places", of: .ingest)

    package struct Query: AdminQuery {
        package var since: Date?
        package var organization: String?
        package var limit = 100
        package var after: RequestID?

        package init() {}

        package mutating func code(_ coder: inout QueryCoder) {
            coder.time("since", &since)
            coder.text("organization", &organization, "must be 1 to 128 characters") { (1...128).contains($0.count) }
            coder.limit(&limit)
            coder.after(&after)
        }
    }

    package struct Answer: Sendable, Equatable, Codable {
        package var places: [RequestPlace]
        /// Where the next page begins; absent on the last.
        package var next: RequestID?

        package init(places: [RequestPlace], next: RequestID?) { (self.places, self.next) = (places, next) }
    }
}

/// Where a request is and what was decided, without anything about a person.
package struct RequestPlace: Sendable, Equatable, Codable {
    package var id: RequestID
    package var organization: String
    package var provider: String
    package var acceptedAt: Date
    /// USPS code of the state that the partner named.
    package var state: String
    /// Five digits.
    package var zip: String
    package var countyFips: String?
    package var county: String?
    /// The counties that it may lie in; absent where that is sure.
    package var counties: [CountyShare]?
    /// Absent when the place was not found, or not looked for yet.
    package var location: GeocodedLocation?
    package var conflict: PlaceConflict?
    package var regionCode: String?
    /// Whether the place was looked for.
    package var geocoded: Bool
    /// Absent as long as nothing is decided.
    package var decision: Decided?

    /// - Parameter geocoding: `nil` as long as the place was not looked for.
    package init(
        id: RequestID, organization: String, provider: String, acceptedAt: Date, state: String, zip: String,
        regionCode: String?, geocoding: Geocoding?, decision: Decided?
    ) {
        (self.id, self.organization, self.provider, self.acceptedAt) = (id, organization, provider, acceptedAt)
        (self.state, self.zip, self.regionCode, self.decision) = (state, zip, regionCode, decision)
        (countyFips, county, location) = (geocoding?.countyFIPS, geocoding?.county, geocoding?.location)
        (conflict, geocoded) = (geocoding?.conflict, geocoding != nil)
        counties = geocoding.flatMap { $0.counties.isEmpty ? nil : $0.counties }
    }

    package struct Decided: Sendable, Equatable, Codable {
        package var acceptance: Bool
        package var reason: DecisionReason
        package var rule: String?
        package var coverageVersion: String
        package var at: Date

        package init(_ decision: Decision, at: Date) {
            (acceptance, reason, rule) = (decision.acceptance, decision.reason, decision.rule)
            (coverageVersion, self.at) = (decision.coverageVersion, at)
        }
    }
}
