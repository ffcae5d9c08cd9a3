import Testing

@testable import DecisionService

/// Rings that are written more than once, or overlap: a place in a hole is in no area, one in a part is, however often
/// either is written; and somebody is told.
@Suite struct RingOverlapsTests {
    private struct Case {
        var name: String
        var geometry: String
        var covered: [(Double, Double)]
        var open: [(Double, Double)]
        var warning: String?
    }

    private static func square(_ west: Double, _ south: Double, _ east: Double, _ north: Double) -> [[Double]] {
        [[west, south], [east, south], [east, north], [west, north], [west, south]]
    }

    private static func polygon(_ rings: [[Double]]...) -> String {
        #"{"type": "Polygon", "coordinates": \#(rings)}"#
    }

    private static let outer = square(-97, 29, -93, 33)
    private static let hole = square(-96, 30, -95, 31)

    /// From another position on.
    private static func rotated(_ ring: [[Double]], by count: Int) -> [[Double]] {
        let open = ring.dropLast()
        return Array(open.dropFirst(count) + open.prefix(count)) + [ring[count]]
    }

    private static let cases: [Case] = {
        let copies: [(String, [[Double]])] = [
            ("the same", hole), ("reversed", hole.reversed()), ("rotated", rotated(hole, by: 2)),
            ("rotated and reversed", rotated(hole, by: 1).reversed()),
        ]
        let inHole = [(-95.5, 30.5), (-95.999, 30.001)]
        var cases = copies.map { name, copy in
            Case(
                name: "a hole twice, \(name)", geometry: polygon(outer, hole, copy), covered: [(-94, 32)], open: inHole,
                warning: "coordinates[2]: is the same ring as coordinates[1]")
        }
        cases += [
            Case(
                name: "a hole thrice", geometry: polygon(outer, hole, hole, hole), covered: [(-94, 32)], open: inHole,
                warning: "coordinates[2]: is the same ring"),
            Case(
                name: "a hole in a hole", geometry: polygon(outer, hole, square(-95.8, 30.2, -95.2, 30.8)),
                covered: [(-94, 32)], open: inHole, warning: "coordinates[2]: overlaps the hole coordinates[1]"),
            Case(
                name: "holes that overlap along their edges",
                geometry: polygon(outer, square(-96, 30, -95, 31), square(-95.5, 30, -94.5, 31)),
                covered: [(-94.4, 30.5)], open: [(-95.25, 30.5), (-95.75, 30.5), (-94.75, 30.5)],
                warning: "coordinates[2]: overlaps the hole coordinates[1]"),
            Case(
                name: "holes side by side",
                geometry: polygon(outer, square(-96, 30, -95, 31), square(-95, 30, -94, 31)), covered: [(-95, 30.5)],
                open: [(-95.5, 30.5), (-94.5, 30.5)], warning: nil),
            Case(
                name: "the outer ring as a hole", geometry: polygon(outer, outer), covered: [(-95.5, 30.5)],
                open: [(-98, 30)], warning: "coordinates[1]: is the same ring as coordinates[0]"),
            Case(
                name: "round twice", geometry: polygon(outer + outer.dropFirst()), covered: [(-95, 31)],
                open: [(-98, 30)], warning: "coordinates[0]: goes round more than once"),
            Case(
                name: "round three times", geometry: polygon(outer + outer.dropFirst() + outer.dropFirst(), hole),
                covered: [(-94, 32)], open: inHole, warning: "coordinates[0]: goes round more than once"),
            Case(
                name: "there and back", geometry: polygon(outer + outer.dropLast().reversed()), covered: [(-95, 31)],
                open: [(-98, 30)], warning: "coordinates[0]: goes round more than once"),
            Case(
                name: "a hole round twice", geometry: polygon(outer, hole + hole.dropFirst()), covered: [(-94, 32)],
                open: inHole, warning: "coordinates[1]: goes round more than once"),
            Case(
                name: "a part of it round twice", geometry: polygon(outer + square(-97, 29, -95, 31).dropFirst()),
                covered: [(-96, 30), (-94, 32)], open: [(-98, 30)],
                warning: "coordinates[0]: goes round a part of its area more than once"),
            Case(
                name: "a hole that the outer ring goes round",
                geometry: polygon(outer + [[-96, 30], [-96, 31], [-95, 30], [-96, 30], [-97, 29]]),
                covered: [(-94, 32)], open: [(-95.8, 30.3)], warning: nil),
            Case(
                name: "a part twice",
                geometry: #"{"type": "MultiPolygon", "coordinates": [[\#(outer)], [\#(rotated(outer, by: 1))]]}"#,
                covered: [(-95, 31)], open: [(-98, 30)],
                warning: "coordinates[1]: is the same polygon as coordinates[0]"),
            Case(
                name: "parts that overlap",
                geometry:
                    #"{"type": "MultiPolygon", "coordinates": [[\#(outer)], [\#(square(-94, 30, -91, 32))]]}"#,
                covered: [(-93.5, 31), (-92, 31), (-95, 31)], open: [(-90, 31)],
                warning: "coordinates[1]: overlaps coordinates[0]"),
            Case(
                name: "a part in the hole of another",
                geometry:
                    #"{"type": "MultiPolygon", "coordinates": [[\#(outer), \#(hole)], [\#(hole)], [\#(square(-93, 29, -92, 33))]]}"#,
                covered: [(-95.5, 30.5), (-94, 32), (-92.5, 30)], open: [(-98, 30)], warning: nil),
        ]
        return cases
    }()

    @Test(arguments: cases.indices) func countWhatTheyEnclose(index: Int) throws {
        let item = Self.cases[index]
        let areas = GeoJSONAreas(Array(item.geometry.utf8), idProperty: nil)
        #expect(areas.problems == [], "\(item.name)")
        let polygons = areas.features.flatMap(\.polygons)
        for (x, y) in item.covered {
            #expect(polygons.contains { $0.covers(Position(x: x, y: y)) }, "\(item.name): \(x) \(y) is open")
        }
        for (x, y) in item.open {
            #expect(!polygons.contains { $0.covers(Position(x: x, y: y)) }, "\(item.name): \(x) \(y) is covered")
        }
        if let warning = item.warning {
            #expect(areas.warnings.contains { $0.hasPrefix(warning) }, "\(item.name): \(areas.warnings)")
        } else {
            #expect(areas.warnings == [], "\(item.name)")
        }
    }

    /// The feature is named, too.
    @Test func aWarningNamesFeatureAndRing() {
        let feature =
            #"{"type": "Feature", "properties": {"name": "North"}, "geometry": \#(Self.polygon(Self.outer, Self.hole, Self.hole))}"#
        let areas = GeoJSONAreas(Array(feature.utf8), idProperty: nil)
        #expect(
            areas.warnings == [
                "geometry.coordinates[2] (North): is the same ring as geometry.coordinates[1], and counts once"
            ])
    }

    /// A point on the border of one hole and within another is in a hole; one on the border of a hole alone is covered.
    @Test func aHolesBorderIsCoveredWhereNoOtherHoleIs() {
        let ring = { (ring: [[Double]]) in ring.map { Position(x: $0[0], y: $0[1]) } }
        let polygon = Polygon(
            rings: [ring(Self.outer), ring(Self.hole), ring(Self.square(-95.5, 30, -94.5, 31))])
        #expect(!polygon.covers(Position(x: -95, y: 30.5)) && !polygon.covers(Position(x: -95.5, y: 30.5)))
        #expect(polygon.covers(Position(x: -96, y: 30.5)) && polygon.covers(Position(x: -94.5, y: 30.5)))
    }

    /// Names of the same coordinate system, as servers and programs write them, and of others.
    @Test(arguments: [
        (#"{"type": "name", "properties": {"name": "http://www.opengis.net/def/crs/EPSG/0/4326"}}"#, true),
        (#"{"type": "name", "properties": {"name": "http://www.opengis.net/gml/srs/epsg.xml#4326"}}"#, true),
        (#"{"type": "name", "properties": {"name": "https://www.opengis.net/def/crs/OGC/1.3/CRS84"}}"#, true),
        (#"{"type": "EPSG", "properties": {"code": 4326}}"#, true),
        (#"{"type": "EPSG", "properties": {"code": "4269"}}"#, true),
        (#"{"type": "name", "properties": {"name": "EPSG:6318"}}"#, true),
        (#"{"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::4152"}}"#, true),
        (#"{"type": "EPSG", "properties": {"code": 3857}}"#, false),
        (#"{"type": "name", "properties": {"name": "EPSG:14326"}}"#, false),
        (#"{"type": "name", "properties": {"name": "ESRI:4326"}}"#, false),
        (#"{"type": "name", "properties": {"name": "4326"}}"#, false),
        (#"{"type": "name", "properties": {"name": "http://www.opengis.net/def/crs/EPSG/0/3857"}}"#, false),
        (#"{"type": "EPSG"}"#, false), ("5", false),
    ])
    func coordinateSystemsAreKnownByTheirNames(crs: String, isTaken: Bool) {
        let text = #"{"type": "Polygon", "coordinates": \#([Self.outer]), "crs": \#(crs)}"#
        #expect(GeoJSONAreas(Array(text.utf8), idProperty: nil).problems.isEmpty == isTaken)
    }

    @Test(arguments: [
        (29.7, 95.3, true), (40, 10, true), (29.7, -95.3, false), (13.45, 144.8, false), (18.2, -66, false),
    ])
    func aCircleElsewhereIsAskedAbout(lat: Double, lon: Double, isAsked: Bool) throws {
        let coverage = try CoverageFixture.relief("covers: {radius: {lat: \(lat), lon: \(lon), km: 5}}")
        #expect(coverage.warnings.count == (isAsked ? 1 : 0))
        #expect(coverage.warnings.allSatisfy { $0.contains("its centre lies outside of the United States") })
    }
}
