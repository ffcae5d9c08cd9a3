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
    /// Five-digit FIPS code of the county, where it is known.
    package var countyFIPS: String?
    /// The county's name, where it is known.
    package var county: String?
    /// Where it is, or `nil`: a location is never made up.
    package var location: GeocodedLocation?
    /// Why there is no location; absent when there is one.
    package var reason: NoLocationReason?
    /// Set when the ZIP and the city are too far apart to both be right.
    package var conflict: PlaceConflict?
    package var regionCode: String?
    package var acceptedAt: Date

    package init(
        provider: String, providerRequestID: String, organization: String, state: String, zip: String,
        countyFIPS: String? = nil, county: String? = nil, location: GeocodedLocation? = nil,
        reason: NoLocationReason? = nil, conflict: PlaceConflict? = nil, regionCode: String? = nil, acceptedAt: Date
    ) {
        self.provider = provider
        self.providerRequestID = providerRequestID
        self.organization = organization
        self.state = state
        self.zip = zip
        self.countyFIPS = countyFIPS
        self.county = county
        self.location = location
        self.reason = reason
        self.conflict = conflict
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
        if let fields = try fields.fieldsIfPresent("location") { location = try GeocodedLocation(fields) }
        reason = try fields.stringIfPresent("reason").map(NoLocationReason.init)
        if let fields = try fields.fieldsIfPresent("conflict") { conflict = try PlaceConflict(fields) }
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
        if let location { try object.add("location", location.write) }
        object.add("reason", reason?.rawValue)
        if let conflict { try object.add("conflict", conflict.write) }
        object.add("regionCode", regionCode)
        object.add("acceptedAt", Timestamp.string(acceptedAt))
    }
}

/// A point, and how far it can be trusted.
package struct GeocodedLocation: Codable, Sendable, Equatable {
    /// WGS 84 degrees, −90…90.
    package var latitude: Double
    /// WGS 84 degrees, −180…180.
    package var longitude: Double
    package var precision: Precision
    /// Who says so, e.g. `gazetteer`.
    package var source: String

    package init(latitude: Double, longitude: Double, precision: Precision, source: String) {
        self.latitude = latitude
        self.longitude = longitude
        self.precision = precision
        self.source = source
    }

    init(_ fields: EventFields) throws(ContractError) {
        latitude = try fields.double("latitude")
        longitude = try fields.double("longitude")
        precision = Precision(rawValue: try fields.string("precision"))
        source = try fields.string("source")
    }

    func write(to object: inout JSONObjectText) throws(ContractError) {
        try object.add("latitude", latitude)
        try object.add("longitude", longitude)
        object.add("precision", precision.rawValue)
        object.add("source", source)
    }

    /// What the point is the middle of. Open: a reader takes a value that it does not know for the coarsest.
    package struct Precision: RawRepresentable, Codable, Sendable, Hashable {
        package var rawValue: String
        package init(rawValue: String) { self.rawValue = rawValue }

        /// The ZIP's centroid.
        package static let zip = Precision(rawValue: "zip")
        /// The city's centroid.
        package static let city = Precision(rawValue: "city")
        /// The mean of the ZIPs that share the first three digits.
        package static let zip3 = Precision(rawValue: "zip3")
    }
}

/// Why no location was found. Open: new reasons may be added.
package struct NoLocationReason: RawRepresentable, Codable, Sendable, Hashable {
    package var rawValue: String
    package init(rawValue: String) { self.rawValue = rawValue }

    /// Neither the ZIP, nor the city in that state, nor the three-digit prefix is known.
    package static let noMatch = NoLocationReason(rawValue: "no-match")
}

/// The ZIP and the city that the partner named lie too far apart.
package struct PlaceConflict: Codable, Sendable, Equatable {
    /// Great-circle distance between the ZIP's centroid and the nearest city of that name in the state, kilometres;
    /// absent when the ZIP lies in another state than the one named and no distance says more.
    package var distanceKilometres: Double?
    /// The state that the ZIP lies in, when it is not the one that the partner named.
    package var zipState: String?

    package init(distanceKilometres: Double? = nil, zipState: String? = nil) {
        self.distanceKilometres = distanceKilometres
        self.zipState = zipState
    }

    init(_ fields: EventFields) throws(ContractError) {
        distanceKilometres = try fields.doubleIfPresent("distanceKilometres")
        zipState = try fields.stringIfPresent("zipState")
    }

    func write(to object: inout JSONObjectText) throws(ContractError) {
        if let distanceKilometres { try object.add("distanceKilometres", distanceKilometres) }
        object.add("zipState", zipState)
    }
}
