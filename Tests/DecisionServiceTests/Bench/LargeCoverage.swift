import Contracts
import Foundation
import Places

@testable import DecisionService

/// A coverage as large as any is meant to be, the same each time.
enum LargeCoverage {
    static func files(zipsInAFile: Bool, _ gazetteer: Gazetteer) -> (yaml: String, files: [String: String]) {
        let zips = (0..<100_000).map { String(String(200_000 + $0).dropFirst()) }
        // All but those of Ohio, where the places are that no county rule is to hold.
        let counties = gazetteer.counties.filter { $0.state != "OH" }.map { "\"\($0.fips)\"" }
        let blocks = stride(from: 0, to: counties.count, by: 400).map { start in
            "{counties: [\(counties[start..<min(start + 400, counties.count)].joined(separator: ","))]}"
        }
        let zipRule = zipsInAFile ? "zips_file: zips.csv" : "zips: [\(zips.map { "\"\($0)\"" }.joined(separator: ","))]"
        let yaml =
            "organizations: {relief: {covers: [{\(zipRule)}, \(blocks.joined(separator: ",")), {polygons: [areas.geojson]}]}}"
        return (yaml, ["zips.csv": zips.joined(separator: "\n"), "areas.geojson": areas()])
    }

    /// 500 jagged areas of 500 points over the country, some of which overlap.
    private static func areas() -> String {
        var generator = SeededGenerator(seed: 1)
        let features = (0..<500).map { index in
            let west = Double.random(in: -124...(-67), using: &generator)
            let south = Double.random(in: 25...49, using: &generator)
            var ring = (0..<499).map { step in
                let angle = Double(step) / 499 * 2 * .pi
                let radius = Double.random(in: 0.4...0.6, using: &generator)
                return "[\(west + radius * cos(angle)),\(south + radius * sin(angle))]"
            }
            ring.append(ring[0])
            return #"{"type":"Feature","id":\#(index),"geometry":{"type":"Polygon","coordinates":[["#
                + ring.joined(separator: ",") + "]]}}"
        }
        return #"{"type":"FeatureCollection","features":["# + features.joined(separator: ",") + "]}"
    }

    /// Places that no ZIP and no county rule holds, so that the areas are always asked.
    static func places(_ precision: GeocodedLocation.Precision) -> [PlaceToDecide] {
        var generator = SeededGenerator(seed: 2)
        return (0..<10_000).map { _ in
            let location = CoverageFixture.location(
                precision, latitude: .random(in: 25...49, using: &generator),
                longitude: .random(in: -124...(-67), using: &generator))
            return PlaceToDecide(
                CoverageFixture.geocoded(state: "OH", zip: "none", countyFIPS: "39035", location: location).geocoding)
        }
    }
}
