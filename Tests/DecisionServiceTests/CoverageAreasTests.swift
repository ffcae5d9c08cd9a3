import Contracts
import Testing

@testable import DecisionService

/// How areas are held against locations that are more or less certain.
@Suite struct CoverageAreasTests {
    /// One degree of latitude is 111 km; here one of longitude is 85 km.
    private static let area = CoverageFixture.polygon(CoverageFixture.square(west: -90, south: 40))
    private static let rules = #"covers: {polygons: [area.geojson]}"#

    private func decide(
        _ location: GeocodedLocation?, _ rules: String = rules, area: String = area, county: String? = nil
    ) throws -> CoverageOutcome {
        let coverage = try CoverageFixture.relief(rules, files: ["area.geojson": area])
        let request = CoverageFixture.geocoded(
            state: "IL", zip: "61801", countyFIPS: county, county: nil, location: location)
        return try CoverageFixture.decide(request, by: coverage)
    }

    private func location(
        _ precision: GeocodedLocation.Precision, latitude: Double, longitude: Double = -89.5, uncertainty: Double? = nil
    ) -> GeocodedLocation {
        CoverageFixture.location(precision, latitude: latitude, longitude: longitude, uncertainty: uncertainty)
    }

    @Test(arguments: [GeocodedLocation.Precision.rooftop, .interpolated, .street, .zip])
    func aPointFarInsideIsSure(precision: GeocodedLocation.Precision) throws {
        let outcome = try decide(location(precision, latitude: 40.5))
        #expect(outcome.acceptance)
        #expect(outcome.reason == .withinPolygon)
        #expect(outcome.rule?.description == "polygon:area")
        #expect(outcome.needed == nil)
    }

    /// 3.3 km inside of the edge.
    @Test func nearTheEdgeTheCertaintyDecides() throws {
        let zip = try decide(location(.zip, latitude: 40.03))
        #expect(zip.acceptance)
        #expect(
            zip.explanation == """
                The middle of ZIP 61801 lies in the area area, which Example Relief covers. That is not sure: the middle of \
                ZIP 61801 is 3.3 km from the edge of the area area, and the address may lie up to 9 km from there.
                """)
        #expect(
            zip.needed == """
                a street address that can be found: the middle of ZIP 61801 is 3.3 km from the edge of polygon:area and \
                may be off by 9 km
                """)
        #expect(try decide(location(.street, latitude: 40.03)).needed == nil)
        #expect(try decide(location(.zip, latitude: 40.03, uncertainty: 3)).needed == nil)
        #expect(try decide(location(.street, latitude: 40.03, uncertainty: 4)).needed != nil)
    }

    @Test func nearTheEdgeOutsideIsAnUnsureNo() throws {
        let outcome = try decide(location(.zip, latitude: 39.97))
        #expect(!outcome.acceptance)
        #expect(outcome.reason == .notCovered)
        #expect(outcome.needed?.contains("3.3 km from the edge of polygon:area") == true)
        let street = try decide(location(.street, latitude: 39.97))
        #expect(street.needed == nil)
        #expect(
            street.explanation == """
                Example Relief does not cover ZIP 61801. The nearest area, the area area, begins about 3.3 km away.
                """)
        #expect(try !decide(location(.street, latitude: 30)).explanation.contains("nearest"))
    }

    @Test(arguments: [GeocodedLocation.Precision.city, .zip3, .init(rawValue: "of-a-later-version")])
    func aCoarseLocationOnlyEverSaysNoFromFarAway(precision: GeocodedLocation.Precision) throws {
        for latitude in [40.5, 39.8] {
            let outcome = try decide(location(precision, latitude: latitude))
            #expect(!outcome.acceptance)
            #expect(outcome.reason == .locationUnknown)
            #expect(outcome.needed?.hasSuffix("is too coarse to hold against polygon:area") == true)
        }
        #expect(try decide(location(precision, latitude: 30)).reason == .notCovered)
    }

    @Test func withoutALocationAreasLeaveItOpen() throws {
        let outcome = try decide(nil)
        #expect(outcome.reason == .locationUnknown)
        #expect(
            outcome.explanation
                == "Whether Example Relief covers the place cannot be said. No location was found for ZIP 61801.")
    }

    /// Neither of two zones ends where the other begins.
    @Test func theEdgeBetweenTwoZonesIsNoEdge() throws {
        let zones =
            #"{"type": "FeatureCollection", "features": ["#
            + [(-90.0, "West"), (-89.0, "East")].map { west, name in
                #"{"type": "Feature", "id": "\#(name)", "properties": {}, "geometry": "#
                    + CoverageFixture.polygon(CoverageFixture.square(west: west, south: 40)) + "}"
            }.joined(separator: ",") + "]}"
        let between = try decide(location(.zip, latitude: 40.5, longitude: -89.01), area: zones)
        #expect(between.rule?.description == "polygon:area/West")
        #expect(between.needed == nil)
        let corner = try decide(location(.zip, latitude: 40.02, longitude: -88.99), area: zones)
        #expect(corner.rule?.description == "polygon:area/East")
        #expect(corner.needed != nil)
    }

    @Test func aCircleIsAnArea() throws {
        let rules = "covers: {radius: {lat: 40, lon: -90, km: 25, name: Base}}"
        let inside = try decide(location(.rooftop, latitude: 40.1, longitude: -90), rules)
        #expect(inside.reason == .withinRadius)
        #expect(inside.rule?.description == "radius:Base")
        #expect(inside.explanation == "The address lies in the 25 km around Base, which Example Relief covers.")
        #expect(try decide(location(.rooftop, latitude: 40.23, longitude: -90), rules).reason == .notCovered)
        #expect(try decide(location(.zip, latitude: 40.2, longitude: -90), rules).needed != nil)
    }

    @Test func aCountyThatIsCoveredSettlesIt() throws {
        let rules = #"covers: {polygons: [area.geojson], counties: ["17019"]}"#
        let outcome = try decide(location(.zip, latitude: 39.99), rules, county: "17019")
        #expect(outcome.rule?.description == "county:17019")
        #expect(outcome.needed == nil)
    }

    @Test func anExcludedAreaIsAsUnsureAsAnyOther() throws {
        let rules = "covers: {states: [IL]}, exclude: {polygons: [{file: area.geojson, name: flood}]}"
        let inside = try decide(location(.zip, latitude: 40.5), rules)
        #expect(inside.reason == .excluded)
        #expect(inside.rule?.description == "polygon:flood")
        let beside = try decide(location(.zip, latitude: 39.97), rules)
        #expect(beside.acceptance)
        #expect(beside.needed?.contains("polygon:flood") == true)
        #expect(try decide(location(.city, latitude: 40.5), rules).reason == .locationUnknown)
        #expect(try decide(location(.city, latitude: 30), rules).acceptance)
    }
}
