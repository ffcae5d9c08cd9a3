import Contracts

import struct Foundation.Date

/// Where a request is, as the projection keeps it.
struct Geocoding: Sendable, Equatable {
    /// When GeocodeService said so.
    var at: Date
    /// Absent when no place was found; then `reason` says why.
    var location: GeocodedLocation?
    var reason: NoLocationReason?
    var countyFIPS: String?
    var county: String?
    /// The counties that it may lie in, where that is not sure.
    var counties: [CountyShare]
    var conflict: PlaceConflict?
    /// Answers of geocoders that were not believed.
    var disputes: [DisputedAnswer]
    /// Geocoders that were away, by name: the location is coarser for it.
    var unavailable: [String]

    init(_ data: RequestGeocoded, at: Date) {
        self.init(
            at: at, location: data.location, reason: data.reason, countyFIPS: data.countyFIPS, county: data.county,
            counties: data.counties, conflict: data.conflict, disputes: data.disputes, unavailable: data.unavailable)
    }

    init(
        at: Date, location: GeocodedLocation?, reason: NoLocationReason?, countyFIPS: String?, county: String?,
        counties: [CountyShare] = [], conflict: PlaceConflict?, disputes: [DisputedAnswer] = [],
        unavailable: [String] = []
    ) {
        self.at = at
        self.location = location
        self.reason = reason
        self.countyFIPS = countyFIPS
        self.county = county
        self.counties = counties
        self.conflict = conflict
        self.disputes = disputes
        self.unavailable = unavailable
    }
}
