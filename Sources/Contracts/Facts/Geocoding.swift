/// Where a request is, as far as GeocodeService knows. No match is an answer too: then `location` is absent and
/// `reason` says why; a location is never made up.
package struct Geocoding: Sendable, Equatable {
    /// USPS code of the state that the partner named. The place may lie in another: see `counties` and `conflict`.
    package var state = ""
    /// The first five digits of the ZIP that the partner named.
    package var zip = ""
    /// Five-digit FIPS code of the county, where it is known; the likeliest, where `counties` holds others.
    package var countyFIPS: String?
    /// The county's name, where it is known.
    package var county: String?
    /// The counties that the place may lie in, the likeliest first, where that is not sure: its ZIP lies in several,
    /// and nothing else says which. In Connecticut also the planning region beside the county.
    package var counties: [CountyShare] = []
    package var location: GeocodedLocation?
    /// Why there is no location; absent when there is one.
    package var reason: NoLocationReason?
    /// Set when the ZIP and the city are too far apart to both be right.
    package var conflict: PlaceConflict?
    /// Answers of geocoders that were not believed, in the order in which they came.
    package var disputes: [DisputedAnswer] = []
    /// Geocoders that know streets and were away until the service's patience ended, by name: the location is coarser
    /// for it.
    package var unavailable: [String] = []
    /// The partner's own name of the region, when it sent one that looks like a code.
    package var regionCode: String?

    init() {}

    package init(
        state: String, zip: String, countyFIPS: String? = nil, county: String? = nil, counties: [CountyShare] = [],
        location: GeocodedLocation? = nil, reason: NoLocationReason? = nil, conflict: PlaceConflict? = nil,
        disputes: [DisputedAnswer] = [], unavailable: [String] = [], regionCode: String? = nil
    ) {
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
    }

    mutating func code(_ coder: inout FieldCoder) throws(ContractError) {
        try coder.field("state", &state)
        try coder.field("zip", &zip)
        try coder.field("countyFips", &countyFIPS)
        try coder.field("county", &county)
        try coder.field("counties", &counties)
        try coder.field("location", &location)
        try coder.field("reason", &reason)
        try coder.field("conflict", &conflict)
        try coder.field("disputes", &disputes)
        try coder.field("unavailable", &unavailable)
        try coder.field("regionCode", &regionCode)
    }
}

/// A point, and how far it can be trusted.
package struct GeocodedLocation: Fields, Codable {
    /// WGS 84 degrees, −90…90.
    package var latitude = 0.0
    /// WGS 84 degrees, −180…180.
    package var longitude = 0.0
    package var precision = Precision(rawValue: "")
    /// Who says so, e.g. `gazetteer`.
    package var source = ""
    /// How sure the source is of it, 0…1; absent when it does not say.
    package var confidence: Double?
    /// Within which distance of the point the address lies, nine times out of ten, kilometres; absent when that is not
    /// known.
    package var uncertaintyKilometres: Double?
    /// The credit that the source asks for wherever its answer is shown.
    package var attribution: String?

    package init() {}

    package init(
        latitude: Double, longitude: Double, precision: Precision, source: String, confidence: Double? = nil,
        uncertaintyKilometres: Double? = nil, attribution: String? = nil
    ) {
        self.latitude = latitude
        self.longitude = longitude
        self.precision = precision
        self.source = source
        self.confidence = confidence
        self.uncertaintyKilometres = uncertaintyKilometres
        self.attribution = attribution
    }

    package mutating func code(_ coder: inout FieldCoder) throws(ContractError) {
        try coder.field("latitude", &latitude)
        try coder.field("longitude", &longitude)
        try coder.field("precision", &precision)
        try coder.field("source", &source)
        try coder.field("confidence", &confidence)
        try coder.field("uncertaintyKilometres", &uncertaintyKilometres)
        try coder.field("attribution", &attribution)
    }

    /// What the point is the middle of. Open: a reader takes a value that it does not know for the coarsest.
    package struct Precision: RawRepresentable, Codable, Sendable, Hashable {
        package var rawValue: String
        package init(rawValue: String) { self.rawValue = rawValue }

        /// The building itself, or its parcel.
        package static let rooftop = Precision(rawValue: "rooftop")
        /// A house number's place on its street, reckoned from others.
        package static let interpolated = Precision(rawValue: "interpolated")
        /// The street, without the house.
        package static let street = Precision(rawValue: "street")
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
package struct PlaceConflict: Fields, Codable {
    /// Great-circle distance between the ZIP's centroid and the nearest city of that name in the state, kilometres;
    /// absent when the ZIP lies in another state than the one named and no distance says more.
    package var distanceKilometres: Double?
    /// The state that the ZIP lies in, when it is not the one that the partner named.
    package var zipState: String?

    package init() {}

    package init(distanceKilometres: Double? = nil, zipState: String? = nil) {
        self.distanceKilometres = distanceKilometres
        self.zipState = zipState
    }

    package mutating func code(_ coder: inout FieldCoder) throws(ContractError) {
        try coder.field("distanceKilometres", &distanceKilometres)
        try coder.field("zipState", &zipState)
    }
}

/// A county that a place may lie in, and how likely that is.
package struct CountyShare: Fields, Codable {
    /// Five-digit FIPS code.
    package var fips = ""
    /// As the Census Bureau writes it.
    package var name = ""
    /// The part of the people of the place's ZIP who live there, 0…1; rough, see docs/geocoding.md.
    package var share = 0.0

    package init() {}

    package init(fips: String, name: String, share: Double) {
        self.fips = fips
        self.name = name
        self.share = share
    }

    package mutating func code(_ coder: inout FieldCoder) throws(ContractError) {
        try coder.field("fips", &fips)
        try coder.field("name", &name)
        try coder.field("share", &share)
    }

    /// USPS code of its state; `nil` when its code is none.
    package var state: String? { Int(foreign: fips.prefix(2), in: 1...99).flatMap(USState.code) }

    /// Whether it is one of the regions that the Census Bureau has taken for Connecticut's counties since 2022. They
    /// and the older counties divide the same state twice: a place lies in one of each.
    package var isPlanningRegion: Bool { fips.hasPrefix("091") }
}

/// A geocoder's answer that was not believed: the next one was asked.
package struct DisputedAnswer: Fields, Codable {
    /// Who said it, e.g. `census`.
    package var source = ""
    package var reason = Reason(rawValue: "")
    /// How far the answer lies from the ZIP's centroid, kilometres; absent when the ZIP is not known.
    package var distanceKilometres: Double?

    package init() {}

    package init(source: String, reason: Reason, distanceKilometres: Double? = nil) {
        self.source = source
        self.reason = reason
        self.distanceKilometres = distanceKilometres
    }

    package mutating func code(_ coder: inout FieldCoder) throws(ContractError) {
        try coder.field("source", &source)
        try coder.field("reason", &reason)
        try coder.field("distanceKilometres", &distanceKilometres)
    }

    /// Why. Open: new reasons may be added.
    package struct Reason: RawRepresentable, Codable, Sendable, Hashable {
        package var rawValue: String
        package init(rawValue: String) { self.rawValue = rawValue }

        /// It lies in another state than the ZIP, or than the one named where the ZIP is not known.
        package static let otherState = Reason(rawValue: "other-state")
        /// It lies farther from the ZIP's centroid than that ZIP is wide, and a margin.
        package static let tooFar = Reason(rawValue: "too-far")
        /// Its coordinates are no point on the earth, or the 0,0 that programs say for "nowhere".
        package static let noPoint = Reason(rawValue: "no-point")
    }
}
