import Contracts
import ServiceRuntime

/// Reads the rings of GeoJSON polygons (RFC 7946, section 3.1.6), and collects what is wrong with them.
struct GeoJSONRings {
    private(set) var problems: [String] = []

    /// `nil`, with problems added, when it is none.
    mutating func polygon(_ value: JSONValue?, _ path: String) -> Polygon? {
        guard case .array(let items)? = value, !items.isEmpty else {
            problems.append("\(path): must be a list of rings that is not empty")
            return nil
        }
        let before = problems.count
        var rings: [[Position]] = []
        for (index, item) in items.enumerated() {
            guard let ring = ring(item, "\(path)[\(index)]") else { continue }
            rings.append(ring)
        }
        guard problems.count == before, let outer = rings.first.map(Self.span) else { return nil }
        // A hole that was written on the other side of the antimeridian goes to where its polygon is.
        for index in rings.indices.dropFirst() {
            let hole = Self.span(rings[index])
            let shift = hole.lowerBound < outer.lowerBound ? 360.0 : hole.upperBound > outer.upperBound ? -360 : 0
            let moved = hole.lowerBound + shift...hole.upperBound + shift
            if shift != 0, outer.contains(moved.lowerBound), outer.contains(moved.upperBound) {
                rings[index] = rings[index].map { Position(x: $0.x + shift, y: $0.y) }
            }
        }
        return Polygon(rings: rings)
    }

    private mutating func ring(_ value: JSONValue, _ path: String) -> [Position]? {
        guard case .array(let items) = value else {
            problems.append("\(path): must be a list of positions")
            return nil
        }
        let before = problems.count
        var ring: [Position] = []
        ring.reserveCapacity(items.count)
        for (index, item) in items.enumerated() {
            if let problem = Self.add(item, to: &ring) { problems.append("\(path)[\(index)]: \(problem)") }
        }
        guard problems.count == before else { return nil }
        guard ring.count >= 4 else {
            problems.append("\(path): has \(ring.count) positions; a ring has four or more")
            return nil
        }
        guard ring.first == ring.last else {
            problems.append("\(path): is not closed: its last position is not its first")
            return nil
        }
        guard Self.straighten(&ring) else {
            problems.append("\(path): goes round a pole; cut it at the antimeridian")
            return nil
        }
        guard Self.hasArea(ring) else {
            problems.append("\(path): encloses nothing: all its positions are on one line")
            return nil
        }
        return ring
    }

    /// - Returns: what is wrong with the position.
    private static func add(_ value: JSONValue, to ring: inout [Position]) -> String? {
        guard case .array(let numbers) = value, numbers.count >= 2, case .number(let first) = numbers[0],
            case .number(let second) = numbers[1], let longitude = Double(first), let latitude = Double(second)
        else { return "must be a longitude and a latitude" }
        guard (-180...180).contains(longitude) else { return "the longitude \(shown(first)) is not from -180 to 180" }
        guard (-90...90).contains(latitude) else {
            return "the latitude \(shown(second)) is not from -90 to 90; the longitude stands first"
        }
        ring.append(Position(x: longitude, y: latitude))
        return nil
    }

    private static func shown(_ number: String) -> String { CoverageProblems.shown(number) }

    /// Lets a ring that crosses the antimeridian go on beyond ±180.
    /// - Returns: whether it comes back to where it began.
    private static func straighten(_ ring: inout [Position]) -> Bool {
        var shift = 0.0
        var previous = ring[0].x
        for index in ring.indices {
            let x = ring[index].x
            if x - previous > 180 { shift -= 360 }
            if previous - x > 180 { shift += 360 }
            previous = x
            ring[index].x = x + shift
        }
        return shift == 0
    }

    private static func hasArea(_ ring: [Position]) -> Bool {
        guard let other = ring.first(where: { $0 != ring[0] }) else { return false }
        return ring.contains { Orientation.side(of: $0, from: ring[0], to: other) != 0 }
    }

    private static func span(_ ring: [Position]) -> ClosedRange<Double> {
        let longitudes = ring.map(\.x)
        return (longitudes.min() ?? 0)...(longitudes.max() ?? 0)
    }
}
