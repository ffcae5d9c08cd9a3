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
    var conflict: PlaceConflict?

    init(_ data: RequestGeocoded, at: Date) {
        self.init(
            at: at, location: data.location, reason: data.reason, countyFIPS: data.countyFIPS, county: data.county,
            conflict: data.conflict)
    }

    init(
        at: Date, location: GeocodedLocation?, reason: NoLocationReason?, countyFIPS: String?, county: String?,
        conflict: PlaceConflict?
    ) {
        self.at = at
        self.location = location
        self.reason = reason
        self.countyFIPS = countyFIPS
        self.county = county
        self.conflict = conflict
    }
}
