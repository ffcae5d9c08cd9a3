import Testing

@testable import DecisionService

@Suite struct GeoJSONAreasTests {
    private static let ring = "[[0,0],[4,0],[4,4],[0,4],[0,0]]"

    private func read(_ text: String, idProperty: String? = nil) -> GeoJSONAreas {
        GeoJSONAreas(Array(text.utf8), idProperty: idProperty)
    }

    private func covers(_ text: String, _ x: Double, _ y: Double) throws -> Bool {
        let areas = read(text)
        try #require(areas.problems == [])
        let polygons = areas.features.flatMap(\.polygons).map { polygon in
            (area: Area.polygon(polygon), match: CoverageMatch(rule: .polygon("x"), block: 0))
        }
        return AreaMap(polygons).first(covering: Position(x: x, y: y)) { _ in true } != nil
    }

    @Test(arguments: [
        #"{"type": "Polygon", "coordinates": [\#(ring)]}"#,
        #"{"type": "MultiPolygon", "coordinates": [[\#(ring)], [[[9,9],[8,9],[8,8],[9,9]]]], "bbox": [0,0,9,9]}"#,
        #"{"type": "Feature", "properties": null, "geometry": {"type": "Polygon", "coordinates": [\#(ring)]}}"#,
        #"{"type": "FeatureCollection", "features": [{"type": "Feature", "geometry": {"type": "Polygon", "#
            + #""coordinates": [\#(ring)]}}], "crs": {"properties": {"name": "urn:ogc:def:crs:OGC:1.3:CRS84"}}}"#,
        #"{"type": "Polygon", "coordinates": [[[0,0,7],[0,4,7],[0,4,7],[4,4,7],[4,0,7],[0,0,7]]]}"#,
    ])
    func readsEveryKindOfArea(text: String) throws {
        #expect(try covers(text, 2, 2))
        #expect(try !covers(text, 5, 2))
    }

    @Test func touchingMembersBothCoverWhereTheyTouch() throws {
        let text = #"{"type": "MultiPolygon", "coordinates": [[\#(Self.ring)], [[[4,4],[8,4],[8,8],[4,8],[4,4]]]]}"#
        #expect(try covers(text, 4, 4))
        #expect(try covers(text, 6, 6))
        #expect(try !covers(text, 6, 2))
    }

    /// Cut in two as RFC 7946 asks, and uncut as many tools write it.
    @Test(arguments: [
        #"{"type": "MultiPolygon", "coordinates": [[[[170,0],[180,0],[180,5],[170,5],[170,0]]], "#
            + #"[[[-180,0],[-170,0],[-170,5],[-180,5],[-180,0]]]]}"#,
        #"{"type": "Polygon", "coordinates": [[[170,0],[-170,0],[-170,5],[170,5],[170,0]]]}"#,
        #"{"type": "Polygon", "coordinates": [[[-170,0],[-170,5],[170,5],[170,0],[-170,0]]]}"#,
    ])
    func anAreaMayCrossTheAntimeridian(text: String) throws {
        for x in [170, 175, 180, -180, -175, -170.0] { #expect(try covers(text, x, 2), "\(x)") }
        for x in [169.9, -169.9, 0] { #expect(try !covers(text, x, 2), "\(x)") }
    }

    @Test func aHoleBeyondTheAntimeridianIsWhereItsPolygonIs() throws {
        let text =
            #"{"type": "Polygon", "coordinates": [[[170,0],[-170,0],[-170,5],[170,5],[170,0]], "#
            + #"[[-178,1],[-176,1],[-176,3],[-178,3],[-178,1]]]}"#
        #expect(try !covers(text, -177, 2))
        #expect(try covers(text, -175, 2))
        #expect(try covers(text, 177, 2))
    }

    @Test func featuresAreNamed() {
        func feature(_ rest: String) -> String {
            #"{"type": "Feature", "geometry": {"type": "Polygon", "coordinates": [\#(Self.ring)]}\#(rest)}"#
        }
        let features = [
            feature(#", "properties": {"name": "North", "zone": 7}"#),
            feature(#", "id": 12, "properties": {"zone": "b"}"#),
            feature(#", "properties": {"zone": 9, "name": ""}"#),
        ]
        let text = #"{"type": "FeatureCollection", "features": [\#(features.joined(separator: ","))]}"#
        #expect(read(text).features.map(\.name) == ["North", "12", "#3"])
        #expect(read(text, idProperty: "zone").features.map(\.name) == ["7", "b", "9"])
        #expect(read(feature("")).features.map(\.name) == [nil])
        #expect(
            read(text, idProperty: "team").problems
                == (0..<3).map {
                    "features[\($0)].properties.team: must be a text or a number, as id_property says"
                })
    }

    /// Each wrong file, and the start of each problem that must be told.
    @Test(arguments: [
        ("", ["line 1: is not JSON"]), ("{\n\"type\":\n]", ["line 3: is not JSON"]), ("[]", ["which is no GeoJSON"]),
        ("{}", ["type: must be Polygon or MultiPolygon"]),
        (#"{"type": "Point", "coordinates": [0, 0]}"#, ["type: must be Polygon"]),
        (#"{"type": "FeatureCollection"}"#, ["features: must be a list"]),
        (#"{"type": "FeatureCollection", "features": []}"#, ["features: must be a list"]),
        (#"{"type": "FeatureCollection", "features": [{"type": "Polygon"}]}"#, ["features[0]: is no Feature"]),
        (#"{"type": "Feature", "geometry": null}"#, ["geometry: is missing"]),
        (#"{"type": "Feature", "geometry": {"type": "LineString"}}"#, ["geometry.type: must be Polygon"]),
        (#"{"type": "Polygon"}"#, ["coordinates: must be a list of rings"]),
        (#"{"type": "MultiPolygon", "coordinates": [[]]}"#, ["coordinates[0]: must be a list of rings"]),
        (polygon("7"), ["coordinates[0]: must be a list of positions"]),
        (polygon("[[0,0],[1,0],[0,0]]"), ["coordinates[0]: has 3 positions"]),
        (polygon("[[0,0],[1,0],[1,1],[0,1]]"), ["coordinates[0]: is not closed"]),
        (polygon("[[0,0],[1],[1,1],[0,1],[0,0]]"), ["coordinates[0][1]: must be a longitude and a latitude"]),
        (polygon(#"[[0,0],["1",0],[1,1],[0,1],[0,0]]"#), ["coordinates[0][1]: must be"]),
        (
            polygon("[[0,0],[181,0],[1,1],[0,-91],[0,0]]"),
            ["coordinates[0][1]: the longitude 181", "coordinates[0][3]: the latitude -91"]
        ),
        (polygon("[[0,0],[1e999,0],[1,1],[0,0]]"), ["coordinates[0][1]: "]),
        (polygon("[[0,0],[1,1],[2,2],[3,3],[0,0]]"), ["coordinates[0]: encloses nothing"]),
        (polygon("[[1,1],[1,1],[1,1],[1,1]]"), ["coordinates[0]: encloses nothing"]),
        (polygon("[[0,80],[120,80],[-120,80],[0,80]]"), ["coordinates[0]: goes round a pole"]),
        (
            #"{"type": "Polygon", "coordinates": [\#(ring)], "crs": {"properties": {"name": "EPSG:3857"}}}"#,
            ["crs: only WGS 84"]
        ),
    ])
    func saysWhatIsWrong(text: String, expected: [String]) {
        let problems = read(text).problems
        #expect(problems.count == expected.count, "\(problems)")
        for (problem, part) in zip(problems, expected) { #expect(problem.hasPrefix(part), "\(problem)") }
    }

    private static func polygon(_ ring: String) -> String { #"{"type": "Polygon", "coordinates": [\#(ring)]}"# }

    @Test func bytesThatAreNoTextAreAProblem() {
        #expect(GeoJSONAreas([0xFF], idProperty: nil).problems == ["which is not UTF-8"])
    }
}
