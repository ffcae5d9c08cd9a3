import Contracts
import Foundation
import ServiceRuntime

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

    static func coverage(_ yaml: String = yaml) throws(FileProblems) -> Coverage {
        try CoverageFile.parse(Array(yaml.utf8))
    }

    static func geocoded(
        organization: String = "relief", state: String = "OH", zip: String = "44114", countyFIPS: String? = "39035",
        county: String? = "Cuyahoga County",
        location: GeocodedLocation? = GeocodedLocation(
            latitude: 41.5, longitude: -81.7, precision: .zip, source: "gazetteer"),
        conflict: PlaceConflict? = nil, regionCode: String? = nil
    ) -> RequestGeocoded {
        RequestGeocoded(
            provider: "portal", providerRequestID: "R-1", organization: organization, state: state, zip: zip,
            countyFIPS: countyFIPS, county: county, location: location, reason: location == nil ? .noMatch : nil,
            conflict: conflict, regionCode: regionCode, acceptedAt: Date(timeIntervalSince1970: 1_700_000_000))
    }

    static func location(_ precision: GeocodedLocation.Precision) -> GeocodedLocation {
        GeocodedLocation(latitude: 40, longitude: -90, precision: precision, source: "gazetteer")
    }
}
