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
        (#"{"type": "MultiPolygon", "coordinates": [[]]}"#, ["coordinates[0]: is empty"]),
        (#"{"type": "MultiPolygon", "coordinates": [7]}"#, ["coordinates[0]: must be a list of rings"]),
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

    // What real files bring: mended with a warning, or refused with the place.

    private static let square = "[[-95.4,29.7],[-95.3,29.7],[-95.3,29.8],[-95.4,29.8],[-95.4,29.7]]"

    private static func feature(_ geometry: String, _ rest: String = #""properties": {"name": "A"}"#) -> String {
        #"{"type": "Feature", \#(rest), "geometry": \#(geometry)}"#
    }

    private static func collection(_ features: String...) -> String {
        #"{"type": "FeatureCollection", "features": [\#(features.joined(separator: ","))]}"#
    }

    /// Each file covers the middle of the square; and the start of each warning.
    @Test(arguments: [
        // Slivers.
        (
            polygon(square + ",[[-95.35,29.75],[-95.35,29.75],[-95.35,29.750001],[-95.35,29.75]]"),
            ["coordinates[1]: encloses nothing"]
        ),
        (
            polygon(square + ",[[-95.32,29.72],[-95.3199999,29.72],[-95.3199999,29.7200001],[-95.32,29.72]]"),
            ["coordinates[1]: is less than a metre wide; the hole is left out"]
        ),
        (
            polygon(square + ",[[-95.32,29.72],[-95.32,29.78],[-95.319999,29.78],[-95.32,29.72]]"),
            ["coordinates[1]: is less than a metre wide"]
        ),
        (
            #"{"type": "MultiPolygon", "coordinates": [[\#(square)], [[[9,9],[9,9.000001],[9.000001,9],[9,9]]]]}"#,
            ["coordinates[1][0]: is less than a metre wide; the polygon is left out"]
        ),
        (
            collection(
                feature(polygon(square)),
                feature(polygon("[[9,9],[9,9],[9,9],[9,9]]"), #""properties": null, "id": 7"#)),
            ["features[1].geometry.coordinates[0] (7): encloses nothing"]
        ),
        // Rings that are nearly closed, and lines that go nowhere.
        (
            polygon("[[-95.4,29.7],[-95.3,29.7],[-95.3,29.8],[-95.4,29.8],[-95.4,29.70000001]]"),
            ["coordinates[0]: is closed: its last position"]
        ),
        (
            polygon("[[-95.4,29.7],[-95.3,29.7],[-95.2,29.7],[-95.3,29.7],[-95.3,29.8],[-95.4,29.8],[-95.4,29.7]]"),
            ["coordinates[0][2]: is the end of a spike"]
        ),
        (
            polygon("[[-95.5,29.7],[-95.4,29.7],[-95.3,29.7],[-95.3,29.8],[-95.4,29.8],[-95.4,29.7],[-95.5,29.7]]"),
            ["coordinates[0][0]: is the end of a spike"]
        ),
        (polygon("[[-95.4,29.7],[-95.4,29.7],[-95.3,29.7],[-95.3,29.8],[-95.3,29.8],[-95.4,29.8],[-95.4,29.7]]"), []),
        (
            polygon(
                "[[-95.4,29.7],[-95.3,29.7],[-95.3,29.8],[-95.35,29.8],[-95.350001,29.7999999],[-95.350002,29.8000001],"
                    + "[-95.350001,29.8],[-95.4,29.8],[-95.4,29.7]]"),
            ["coordinates[0][4]: the line from here crosses the one from coordinates[0][6] by less than a metre"]
        ),
        // Holes that touch are no fault.
        (polygon(square + ",[[-95.4,29.7],[-95.38,29.72],[-95.38,29.71],[-95.4,29.7]]"), []),
        (polygon(square + ",[[-95.4,29.71],[-95.39,29.71],[-95.39,29.72],[-95.4,29.72],[-95.4,29.71]]"), []),
        // Features that are nowhere, and what is no area.
        (
            collection(feature(polygon(square)), feature("null", #""properties": {"name": "B"}"#)),
            ["features[1].geometry (B): is"]
        ),
        (
            collection(feature(polygon(square)), feature("null", #""properties": null"#)),
            ["features[1].geometry (#2): is"]
        ),
        (
            collection(
                feature(polygon(square)), feature(#"{"type": "MultiPolygon", "coordinates": []}"#, #""id": 12"#)),
            ["features[1].geometry.coordinates (12): is empty"]
        ),
        (
            feature(
                #"{"type": "GeometryCollection", "geometries": [\#(polygon(square)), "#
                    + #"{"type": "LineString", "coordinates": [[-95.4,29.7],[-95.3,29.8]]}]}"#),
            ["geometry.geometries[1] (A): is no area"]
        ),
        (
            #"{"type": "GeometryCollection", "geometries": [{"type": "GeometryCollection", "geometries": [\#(polygon(square))]}]}"#,
            []
        ),
        (
            #"{"type": "GeometryCollection", "geometries": [{"type": "Point", "coordinates": [0,0]}, "#
                + #"{"type": "MultiPolygon", "coordinates": [[\#(square)]]}]}"#, ["geometries[0]: is no area"]
        ),
        (
            feature(
                #"{"type": "GeometryCollection", "geometries": [\#(polygon(square)), "#
                    + #"{"type": "GeometryCollection", "geometries": []}]}"#),
            ["geometry.geometries[1].geometries (A): is empty"]
        ),
        (polygon(square + ",[]"), ["coordinates[1]: is empty and encloses nothing; the hole is left out"]),
        (
            polygon(square + ",[[-95.35,29.75],[-95.34,29.75]]"),
            ["coordinates[1]: has 2 positions and encloses nothing; the hole is left out"]
        ),
        (polygon(square + ",[[-95.35,29.75]]"), ["coordinates[1]: has 1 position and encloses nothing"]),
        (
            polygon(square + ",[[-95.35,29.75],[-95.34,29.75],[-95.35,29.75]]"),
            ["coordinates[1]: has 3 positions and encloses nothing"]
        ),
        (
            collection(feature(polygon(square)), feature(polygon("[[9,9],[9,8]]"))),
            ["features[1].geometry.coordinates[0] (A): has 2 positions and encloses nothing; the polygon is left out"]
        ),
        (
            collection(feature(polygon(square)), feature(polygon("[]"))),
            ["features[1].geometry.coordinates[0] (A): is empty"]
        ),
        (
            #"{"type": "MultiPolygon", "coordinates": [[\#(square)], []]}"#,
            ["coordinates[1]: is empty, and is left out"]
        ),
        (
            collection(feature(polygon(square)), #"{"type": "Feature", "properties": {"name": "B"}}"#),
            ["features[1].geometry (B): is missing"]
        ),
        (
            collection(feature(polygon(square)), feature(#"{"type": "Point", "coordinates": [0, 0]}"#)),
            ["features[1].geometry (A): is no area, and is left out"]
        ),
        (
            collection(feature(#"{"type": "LineString", "coordinates": [[0,0],[1,1]]}"#), feature(polygon(square))),
            ["features[0].geometry (A): is no area"]
        ),
        (
            collection(feature(polygon(square)), feature(#"{"type": "MultiPoint", "coordinates": [[0,0]]}"#)),
            ["features[1].geometry (A): is no area"]
        ),
        // Taken, since nothing is certain, but not in silence.
        (
            collection(
                feature(polygon(square)), feature(polygon("[[95.4,29.7],[95.3,29.7],[95.3,29.8],[95.4,29.7]]"))),
            ["features[1].geometry.coordinates[0] (A): lies outside of the United States and their territories"]
        ),
        (
            collection(feature(polygon(square)), feature(polygon("[[150,40],[151,40],[151,41],[150,40]]"))),
            ["features[1].geometry.coordinates[0] (A): lies outside of the United States"]
        ),
        (
            #"{"type": "MultiPolygon", "coordinates": [[\#(square)], [[[9,49],[10,49],[10,50],[9,49]]]]}"#,
            ["coordinates[1][0]: lies outside"]
        ),
        ("\u{FEFF}" + polygon(square), []),
        ("\u{FEFF}\n" + collection(feature(polygon(square))), []),
        // Other systems of coordinates that are degrees, and a third dimension.
        (
            #"{"type": "Polygon", "coordinates": [\#(square)], "crs": {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::4269"}}}"#,
            []
        ),
        (
            #"{"type": "Polygon", "coordinates": [\#(square)], "crs": {"type": "name", "properties": {"name": "epsg:4326"}}}"#,
            []
        ),
        (#"{"type": "Polygon", "coordinates": [\#(square)], "crs": null}"#, []),
        (polygon("[[-95.4,29.7,1],[-95.3,29.7,2,3],[-95.3,29.8,null],[-95.4,29.8],[-95.4,29.7,9]]"), []),
    ])
    func mendsWhatChangesNothing(text: String, expected: [String]) throws {
        let areas = read(text)
        #expect(areas.problems == [])
        #expect(areas.warnings.count == expected.count, "\(areas.warnings)")
        for (warning, part) in zip(areas.warnings, expected) { #expect(warning.hasPrefix(part), "\(warning)") }
        #expect(try covers(text, -95.35, 29.75))
        #expect(try !covers(text, -95.45, 29.7))
        #expect(try !covers(text, -95.25, 29.7))
    }

    @Test(arguments: [
        // Guam, Saipan, Samoa, the Aleutians on both sides, Hawaii, Maine, Puerto Rico.
        "[[144.7,13.4],[144.8,13.4],[144.8,13.5],[144.7,13.4]]",
        "[[145.7,15.1],[145.8,15.1],[145.8,15.2],[145.7,15.1]]",
        "[[-170.8,-14.3],[-170.7,-14.3],[-170.7,-14.2],[-170.8,-14.3]]",
        "[[179,51],[-179,51],[-179,52],[179,51]]", "[[173,52],[174,52],[174,53],[173,52]]",
        "[[-158,21],[-157,21],[-157,22],[-158,21]]", "[[-68,44],[-67,44],[-67,45],[-68,44]]",
        "[[-66.5,18.2],[-66.4,18.2],[-66.4,18.3],[-66.5,18.2]]",
    ])
    func theWholeCountryIsNoFlaw(ring: String) {
        let areas = read(Self.polygon(ring))
        #expect(areas.problems == [] && areas.warnings == [])
    }

    @Test func longitudesWithoutTheirMinusAreAskedAbout() {
        let lost = read(Self.polygon("[[95.4,29.7],[95.3,29.7],[95.3,29.8],[95.4,29.7]]"))
        #expect(lost.warnings.first?.hasSuffix("have the longitudes lost their minus?") == true)
        #expect(read(Self.polygon("[[9,-9],[8,-9],[8,-8],[9,-9]]")).warnings.first?.hasSuffix("is") == true)
    }

    /// A hole is dropped and not filled by chance: the place where it was is covered, and no edge is near.
    @Test func aSliverLeavesNoEdge() throws {
        let text = Self.polygon(Self.square + ",[[-95.35,29.75],[-95.35,29.75],[-95.35,29.750001],[-95.35,29.75]]")
        let polygon = try #require(read(text).features.first?.polygons.first)
        let plane = LocalPlane(origin: Position(x: -95.35, y: 29.75))
        #expect(polygon.nearestEdge(in: plane, within: 3) == nil)
    }

    @Test(arguments: [
        // A bow tie, and rings that cross.
        (
            polygon("[[0,0],[4,4],[4,0],[0,4],[0,0]]"),
            ["coordinates[0][0]: the line from here crosses the one from coordinates[0][2]"]
        ),
        (
            polygon(square + ",[[-95.35,29.75],[-95.25,29.75],[-95.25,29.77],[-95.35,29.77],[-95.35,29.75]]"),
            ["coordinates[0][1]: the line"]
        ),
        (
            polygon(
                "[[0,0],[4,0],[4,4],[0,4],[0,0]],[[1,1],[3,1],[3,3],[1,3],[1,1]],[[2,2],[5,2],[5,2.5],[2,2.5],[2,2]]"),
            ["coordinates[0][1]: the line from here crosses"]
        ),
        (
            collection(feature(polygon(ring)), feature(polygon("[[0,0],[4,4],[4,0],[0,4],[0,0]]"))),
            ["features[1].geometry.coordinates[0][0]: the line"]
        ),
        // A hole that is none.
        (polygon(ring + ",[[7,7],[8,7],[8,8],[7,8],[7,7]]"), ["coordinates[1]: is a hole that lies outside"]),
        // Axes that stand in the other order.
        (
            polygon("[[29.7,-95.4],[29.7,-95.3],[29.8,-95.3],[29.7,-95.4]]"),
            ["coordinates[0][0]: the latitude -95.4", "c", "c", "c"]
        ),
        (
            polygon("[[44.8,-68.7],[44.9,-68.7],[44.9,-68.6],[44.8,-68.7]]"),
            ["coordinates[0][0]: the latitude -68.7 lies in the", "c", "c", "c"]
        ),
        (
            polygon("[[18.2,-66.5],[18.3,-66.5],[18.3,-66.4],[18.2,-66.5]]"),
            ["coordinates[0][0]: the latitude -66.5 lies in the", "c", "c", "c"]
        ),
        // Metres of Web Mercator, feet of a state plane.
        (
            polygon("[[-10619879,3460000],[-10619879,3470000],[-10600000,3470000],[-10619879,3460000]]"),
            ["coordinates[0][0]: the longitude -10619879 is not from -180 to 180: metres or feet", "c", "c", "c"]
        ),
        (
            polygon("[[3117000.5,13840000],[3118000.5,13840000],[3118000.5,13850000],[3117000.5,13840000]]"),
            ["coordinates[0][0]: the", "c", "c", "c"]
        ),
        (polygon("[[190,0],[191,0],[191,1],[190,0]]"), ["coordinates[0][0]: the longitude 190 is not", "c", "c", "c"]),
        // Open by metres.
        (
            polygon("[[-95.4,29.7],[-95.3,29.7],[-95.3,29.8],[-95.4,29.8],[-95.4,29.70002]]"),
            ["coordinates[0]: is not closed: its last position is not its first, but 2.22 m away"]
        ),
        (
            polygon("[[-95.4,29.7],[-95.3,29.7],[-95.3,29.8],[-95.4,29.8],[-95.4,29.7000002]]"),
            ["coordinates[0]: is not closed: its last position is not its first, but 0.02 m away"]
        ),
        (
            #"{"type": "Polygon", "coordinates": [\#(ring)], "crs": {"properties": {"name": "urn:ogc:def:crs:EPSG::2278"}}}"#,
            ["crs: only"]
        ),
        // Nothing is left.
        (polygon("[[9,9],[9,9.000001],[9.000001,9],[9,9]]"), ["coordinates[0]: is less than a metre wide"]),
        (#"{"type": "MultiPolygon", "coordinates": []}"#, ["coordinates: is empty"]),
        (#"{"type": "Polygon", "coordinates": []}"#, ["coordinates: is empty"]),
        (#"{"type": "GeometryCollection", "geometries": []}"#, ["geometries: is empty"]),
        (#"{"type": "GeometryCollection"}"#, ["geometries: must be a list"]),
        (#"{"type": "GeometryCollection", "geometries": [7]}"#, ["geometries[0]: is no geometry"]),
        (#"{"type": "GeometryCollection", "geometries": [{"type": "Circle"}]}"#, ["geometries[0].type: must be"]),
        (collection(feature("null"), feature("null")), ["features[1].geometry (A): is missing"]),
        (collection(feature("7")), ["features[0].geometry: is missing"]),
        (polygon(square + ",[[-95.35,29.75],[-95.34,29.75],[-95.34,29.76]]"), ["coordinates[1]: has 3 positions"]),
        (#"{"type": "Feature", "properties": {}}"#, ["geometry: is missing"]),
        (
            collection(feature(#"{"type": "Point", "coordinates": [0, 0]}"#), feature("null")),
            ["features[1].geometry (A): is missing"]
        ),
        (
            collection(feature(#"{"type": "Point", "coordinates": [0, 0]}"#)),
            ["features[0].geometry.type: must be Polygon"]
        ),
        (nested(9), ["geometries[0].geometries[0]"]),
    ])
    func refusesWhatWouldCoverAnotherPlace(text: String, expected: [String]) {
        let problems = read(text).problems
        #expect(problems.count == expected.count, "\(problems)")
        for (problem, part) in zip(problems, expected) { #expect(problem.hasPrefix(part), "\(problem)") }
    }

    private static func nested(_ depth: Int) -> String {
        depth == 0 ? polygon(ring) : #"{"type": "GeometryCollection", "geometries": [\#(nested(depth - 1))]}"#
    }

    /// The files that are mended are taken, and told with path and line.
    @Test func warningsNameThePlaceInTheCoverageFile() throws {
        let hole = Self.square + ",[[-95.35,29.75],[-95.35,29.75],[-95.35,29.750001],[-95.35,29.75]]"
        let coverage = try CoverageFixture.relief(
            "covers: {polygons: [north.geojson], counties: [\"02261\"]}",
            files: ["north.geojson": Self.collection(Self.feature(Self.polygon(hole)), Self.feature("null"))])
        #expect(coverage.warnings.count == 3)
        #expect(
            coverage.warnings.contains {
                $0.hasPrefix(
                    "organizations.relief.covers.polygons[0] (line 1): north.geojson, features[0].geometry.coordinates[1] (A): "
                )
            }, "\(coverage.warnings)")
        #expect(
            coverage.warnings.contains {
                $0.hasPrefix(
                    "organizations.relief.covers.counties[0] (line 1): `02261` is Valdez-Cordova Census Area, AK, which ended in 2019: read as Chugach Census Area (02063), Copper River Census Area (02066)"
                )
            }, "\(coverage.warnings)")
    }
}
