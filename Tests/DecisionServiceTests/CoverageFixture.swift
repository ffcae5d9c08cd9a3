import Contracts
import Foundation
import ServiceRuntime
import Testing

@testable import DecisionService

/// A coverage file and geocoded requests with every default overridable.
enum CoverageFixture {
    static let yaml = """
        version: 2026-01
        organizations:
          relief:
            name: Example Relief
            covers:
              region_codes: [TXGULF]
              zips: ["77002", 02108]
              counties: ["48201", "Doña Ana County, NM", "St. Louis city, MO"]
              zip_prefixes: ["77", "770", "7701", "9"]
              states: [TX, AK]
          pantry:
            covers:
              states: [VT]
        """

    /// - Parameter files: what the files that it names hold.
    static func coverage(_ yaml: String = yaml, files: [String: String] = [:]) throws(FileProblems) -> Coverage {
        try CoverageFile.parse(Array(yaml.utf8)) { files[$0].map { Array($0.utf8) } }
    }

    /// - Parameter date: when the request was accepted, unless given.
    static func decide(
        _ geocoded: RequestGeocoded, by coverage: Coverage, at date: Date? = nil
    ) throws -> CoverageOutcome {
        try #require(
            coverage.decide(
                PlaceToDecide(geocoded.geocoding), organization: geocoded.request.organization,
                at: date ?? geocoded.request.acceptedAt))
    }

    /// One organisation, `relief`, with this below its key.
    static func relief(_ rules: String, files: [String: String] = [:]) throws(FileProblems) -> Coverage {
        try coverage("organizations: {relief: {name: Example Relief, \(rules)}}", files: files)
    }

    /// What is wrong with the file; nothing when it is good.
    static func problems(_ yaml: String, files: [String: String] = [:]) -> [String] {
        do {
            _ = try coverage(yaml, files: files)
            return []
        } catch {
            return error.problems
        }
    }

    static func geocoded(
        organization: String = "relief", state: String = "OH", zip: String = "44114", countyFIPS: String? = "39035",
        county: String? = "Cuyahoga County",
        location: GeocodedLocation? = GeocodedLocation(
            latitude: 41.5, longitude: -81.7, precision: .zip, source: "gazetteer"),
        conflict: PlaceConflict? = nil, regionCode: String? = nil,
        acceptedAt: Date = Date(timeIntervalSince1970: 1_700_000_000)
    ) -> RequestGeocoded {
        RequestGeocoded(
            RequestReference(
                provider: "portal", providerRequestID: "R-1", organization: organization, acceptedAt: acceptedAt),
            Geocoding(
                state: state, zip: zip, countyFIPS: countyFIPS, county: county, location: location,
                reason: location == nil ? .noMatch : nil, conflict: conflict, regionCode: regionCode))
    }

    static func location(
        _ precision: GeocodedLocation.Precision, latitude: Double = 40, longitude: Double = -90,
        uncertainty: Double? = nil
    ) -> GeocodedLocation {
        GeocodedLocation(
            latitude: latitude, longitude: longitude, precision: precision, source: "gazetteer",
            uncertaintyKilometres: uncertainty)
    }

    /// A GeoJSON polygon, its rings as lists of longitudes and latitudes.
    static func polygon(_ rings: [[Double]]...) -> String {
        #"{"type": "Polygon", "coordinates": \#(rings)}"#
    }

    /// One degree high and wide.
    static func square(west: Double, south: Double, size: Double = 1) -> [[Double]] {
        let (east, north) = (west + size, south + size)
        return [[west, south], [east, south], [east, north], [west, north], [west, south]]
    }
}
