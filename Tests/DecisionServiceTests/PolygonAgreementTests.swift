import Foundation
import Testing

@testable import DecisionService

/// Whether polygons cover what Shapely's do. Run by `deploy/compare-polygons`, which makes the points.
@Suite(.enabled(if: ProcessInfo.processInfo.environment["INTAKE_POLYGONS_POINTS"] != nil))
struct PolygonAgreementTests {
    private static func path(_ name: String) -> String? {
        ProcessInfo.processInfo.environment["INTAKE_POLYGONS_" + name]
    }

    @Test func agreeOnEachPoint() throws {
        let areas = try Data(contentsOf: URL(filePath: #require(Self.path("AREAS"))))
        let points = try String(contentsOfFile: #require(Self.path("POINTS")), encoding: .utf8)
        // Without a property of that name in all features, they would be called by something else.
        let text = try #require(String(data: areas, encoding: .utf8)).replacing(#""name":"#, with: #""title":"#)
        let read = GeoJSONAreas(Array(text.utf8), idProperty: nil)
        try #require(read.problems == [])
        var count = 0
        var wrong: [String] = []
        for line in points.split(separator: "\n") {
            let fields = line.split(separator: ",", omittingEmptySubsequences: false)
            let point = try Position(x: #require(Double(fields[0])), y: #require(Double(fields[1])))
            let ids = read.features.filter { $0.polygons.contains { $0.covers(point) } }.compactMap(\.name)
            count += 1
            if ids.sorted().joined(separator: "|") != fields[2] { wrong.append("\(line), not \(ids)") }
        }
        print("\(count) points, \(wrong.count) disagreements")
        #expect(count > 0)
        #expect(wrong == [])
    }
}
