/// A polygon with its holes, compiled: even-odd over all its rings, the border included.
///
/// Where a point is found on a vertex or an edge, it is so exactly, see `Orientation`; such a point is covered, as in
/// the predicate `covers` of OGC's simple features.
struct Polygon: Sendable {
    private struct Edge: Sendable {
        var start: Position
        var end: Position

        /// Where a polygon was cut in two at the antimeridian (RFC 7946, section 3.1.9): no edge of the area.
        var isSeam: Bool { abs(start.x) == 180 && start.x == end.x }
    }

    let box: Box
    private let edges: [Edge]
    private let tree: BoxTree

    /// - Parameter rings: each closed; its first position is its last.
    init(rings: [[Position]]) {
        edges = rings.flatMap { ring in zip(ring, ring.dropFirst()).map(Edge.init) }
        tree = BoxTree(
            edges.map { edge in
                var box = Box()
                box.enclose(edge.start)
                box.enclose(edge.end)
                return box
            })
        box = tree.bounds ?? Box()
    }

    /// Counts the edges that a ray to the east crosses.
    func covers(_ point: Position) -> Bool {
        guard box.contains(point) else { return false }
        var isInside = false
        var isOnBorder = false
        tree.visit { box in
            box.minY <= point.y && point.y <= box.maxY && point.x <= box.maxX && !isOnBorder
        } _: { index in
            let edge = edges[index]
            let (start, end) = (edge.start, edge.end)
            if start.y == point.y, end.y == point.y {
                isOnBorder = isOnBorder || (min(start.x, end.x) <= point.x && point.x <= max(start.x, end.x))
            } else if (start.y > point.y) != (end.y > point.y) {
                guard max(start.x, end.x) >= point.x else { return }
                let side = Orientation.side(of: point, from: start, to: end)
                if side == 0 { isOnBorder = true }
                if (side > 0) == (end.y > start.y) { isInside.toggle() }
            } else if start == point || end == point {
                isOnBorder = true
            }
        }
        return isOnBorder || isInside
    }

    /// How far the nearest edge is from the plane's origin, kilometres; `nil` when that is `limit` or more.
    func nearestEdge(in plane: LocalPlane, within limit: Double) -> Double? {
        var nearest = limit * limit
        tree.visit {
            plane.squaredDistance(to: $0) < nearest
        } _: { index in
            let edge = edges[index]
            guard !edge.isSeam else { return }
            nearest = min(nearest, plane.squaredDistance(from: edge.start, to: edge.end))
        }
        return nearest < limit * limit ? nearest.squareRoot() : nil
    }
}
