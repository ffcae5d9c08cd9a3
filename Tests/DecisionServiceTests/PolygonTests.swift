import Contracts
import Foundation
import Testing

@testable import DecisionService

@Suite struct PolygonTests {
    private static let square = positions([(0, 0), (4, 0), (4, 4), (0, 4), (0, 0)])
    private static let hole = positions([(1, 1), (3, 1), (3, 3), (1, 3), (1, 1)])

    private static func positions(_ points: [(Double, Double)]) -> [Position] {
        points.map { Position(x: $0.0, y: $0.1) }
    }

    @Test(arguments: [
        (0.5, 0.5, true), (2, 2, false), (5, 2, false), (-1, 2, false), (2, 5, false), (2, -1, false),
        // The border, its corners and the hole's.
        (0, 0, true), (4, 4, true), (0, 4, true), (4, 0, true), (2, 0, true), (4, 1.7, true), (0, 3.3, true),
        (1, 1, true), (3, 3, true), (2, 1, true), (3, 2, true), (1.5, 3, true),
        // Level with corners, outside.
        (-1, 0, false), (-1, 4, false), (5, 0, false), (-1, 1, false), (5, 3, false), (2, 1.5, false),
    ])
    func aHoleIsOutAndEveryBorderIsIn(x: Double, y: Double, expected: Bool) {
        #expect(Polygon(rings: [Self.square, Self.hole]).covers(Position(x: x, y: y)) == expected)
        let reversed = Polygon(rings: [Self.square.reversed(), Self.hole])
        #expect(reversed.covers(Position(x: x, y: y)) == expected, "whichever way the rings go")
    }

    /// Points that the plain formula puts on the wrong side, or on none.
    @Test func aSlantedEdgeIsDecidedWithoutRounding() {
        let triangle = Polygon(rings: [Self.positions([(0.1, 0.1), (12.3, 12.3), (0.1, 12.3), (0.1, 0.1)])])
        var point = Position(x: 0.5, y: 0.5)
        for _ in 0..<500 {
            #expect(triangle.covers(point))
            #expect(triangle.covers(Position(x: point.x.nextDown, y: point.y)))
            #expect(!triangle.covers(Position(x: point.x.nextUp, y: point.y)))
            point = Position(x: point.x * 1.005, y: point.x * 1.005)
        }
    }

    @Test func eachVertexOfAJaggedRingIsCovered() {
        var generator = SeededGenerator(seed: 7)
        let points = (0..<1000).map { index in
            let angle = Double(index) / 1000 * 2 * .pi
            let radius = Double.random(in: 1...3, using: &generator)
            return Position(x: radius * cos(angle), y: radius * sin(angle))
        }
        let ring = points + [points[0]]
        let polygon = Polygon(rings: [ring])
        for point in points {
            #expect(polygon.covers(point))
            #expect(!polygon.covers(Position(x: point.x + 10, y: point.y)))
        }
        #expect(polygon.covers(Position(x: 0, y: 0)))
    }

    @Test func theNearestEdgeIsFoundOnBothSides() throws {
        let polygon = Polygon(rings: [Self.square])
        let inside = try #require(
            polygon.nearestEdge(in: LocalPlane(origin: Position(x: 3.9, y: 2)), within: 100))
        let outside = try #require(
            polygon.nearestEdge(in: LocalPlane(origin: Position(x: 4.1, y: 2)), within: 100))
        #expect(abs(inside - 11.11) < 0.02)
        #expect(abs(outside - 11.11) < 0.02)
        #expect(polygon.nearestEdge(in: LocalPlane(origin: Position(x: 3.9, y: 2)), within: 11) == nil)
    }

    @Test func aCircleIsMeasuredOnTheGlobe() {
        let houston = Circle(centre: Position(x: -95.3698, y: 29.7604), kilometres: 25)
        // Galveston.
        #expect(abs(houston.distance(to: Position(x: -94.7977, y: 29.3013)) - 75.4) < 1)
        #expect(Area.circle(houston).covers(houston.centre))
        #expect(Area.circle(houston).box.contains(Position(x: -95.3698 + 0.2588, y: 29.7604)))
    }
}
