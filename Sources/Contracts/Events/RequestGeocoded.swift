package import struct Foundation.Date

/// GeocodeService has looked for the place. No match is an answer too: then `location` is absent and `reason` says why.
package struct RequestGeocoded: EventData {
    package static let type = EventType.requestGeocoded

    package var provider: String
    package var providerRequestID: String
    package var organization: String
    /// USPS code of the state that the partner named.
    package var state: String
    /// The first five digits of the ZIP that the partner named.
    package var zip: String
    /// Five-digit FIPS code of the county, where it is known; the likeliest, where `counties` holds others.
    package var countyFIPS: String?
    /// The county's name, where it is known.
    package var county: String?
    /// The counties that the place may lie in, the likeliest first, where that is not sure: its ZIP lies in several, and nothing
    /// else says which. In Connecticut also the planning region beside the county.
    package var counties: [CountyShare]
    /// Where it is, or `nil`: a location is never made up.
    package var location: GeocodedLocation?
    /// Why there is no location; absent when there is one.
    package var reason: NoLocationReason?
    /// Set when the ZIP and the city are too far apart to both be right.
    package var conflict: PlaceConflict?
    /// Answers of geocoders that were not believed, in the order in which they came.
    package var disputes: [DisputedAnswer]
    /// Geocoders that know streets and were away until the service's patience ended, by name: the location is coarser for it.
    package var unavailable: [String]
    package var regionCode: String?
    package var acceptedAt: Date

    package init(
        provider: String, providerRequestID: String, organization: String, state: String, zip: String,
        countyFIPS: String? = nil, county: String? = nil, counties: [CountyShare] = [],
        location: GeocodedLocation? = nil,
        reason: NoLocationReason? = nil, conflict: PlaceConflict? = nil,
        disputes: [DisputedAnswer] = [], unavailable: [String] = [], regionCode: String? = nil, acceptedAt: Date
    ) {
        self.provider = provider
        self.providerRequestID = providerRequestID
        self.organization = organization
        self.state = state
        self.zip = zip
        self.countyFIPS = countyFIPS
        self.county = county
        self.counties = counties
        self.location = location
        self.reason = reason
        self.conflict = conflict
        self.disputes = disputes
        self.unavailable = unavailable
        self.regionCode = regionCode
        self.acceptedAt = acceptedAt
    }

    package init(_ fields: EventFields) throws(ContractError) {
        provider = try fields.string("provider")
        providerRequestID = try fields.string("providerRequestId")
        organization = try fields.string("organization")
        state = try fields.string("state")
        zip = try fields.string("zip")
        countyFIPS = try fields.stringIfPresent("countyFips")
        county = try fields.stringIfPresent("county")
        counties = try fields.listIfPresent("counties", CountyShare.init)
        if let fields = try fields.fieldsIfPresent("location") { location = try GeocodedLocation(fields) }
        reason = try fields.stringIfPresent("reason").map(NoLocationReason.init)
        if let fields = try fields.fieldsIfPresent("conflict") { conflict = try PlaceConflict(fields) }
        disputes = try fields.listIfPresent("disputes", DisputedAnswer.init)
        unavailable = try fields.stringsIfPresent("unavailable")
        regionCode = try fields.stringIfPresent("regionCode")
        acceptedAt = try fields.time("acceptedAt")
    }

    package func write(to object: inout JSONObjectText) throws(ContractError) {
        object.add("provider", provider)
        object.add("providerRequestId", providerRequestID)
        object.add("organization", organization)
        object.add("state", state)
        object.add("zip", zip)
        object.add("countyFips", countyFIPS)
        object.add("county", county)
        if !counties.isEmpty {
            try object.add("counties", counties) { county, object throws(ContractError) in
                try county.write(to: &object)
            }
        }
        if let location { try object.add("location", location.write) }
        object.add("reason", reason?.rawValue)
        if let conflict { try object.add("conflict", conflict.write) }
        if !disputes.isEmpty {
            try object.add("disputes", disputes) { dispute, object throws(ContractError) in
                try dispute.write(to: &object)
            }
        }
        if !unavailable.isEmpty { object.add("unavailable", unavailable) }
        object.add("regionCode", regionCode)
        object.add("acceptedAt", Timestamp.string(acceptedAt))
    }
}
