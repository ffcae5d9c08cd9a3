/// A polygon with its holes, compiled. It covers what lies within its outer ring and in none of its holes, its borders
/// included, however often a ring or a hole is written: each ring counts by its winding number, so that one which goes
/// round twice encloses what it encloses once, and a place in two holes is in a hole.
///
/// Where a point is found on a vertex or an edge, it is so exactly, see `Orientation`; such a point is covered, as in
/// the predicate `covers` of OGC's simple features.
struct Polygon: Sendable {
    private let outer: Ring
    private let holes: [Ring]
    /// Over the holes' boxes.
    private let tree: BoxTree

    var box: Box { outer.box }

    /// - Parameter rings: each closed, the outer one first; its first position is its last.
    init(rings: [[Position]]) {
        outer = Ring(rings.first ?? [])
        holes = rings.dropFirst().map(Ring.init)
        tree = BoxTree(holes.map(\.box))
    }

    func covers(_ point: Position) -> Bool {
        guard outer.place(of: point) != .outside else { return false }
        var isInHole = false
        tree.visit {
            !isInHole && $0.contains(point)
        } _: { index in
            if !isInHole { isInHole = holes[index].place(of: point) == .inside }
        }
        return !isInHole
    }

    /// Whether it covers the point, and not with a border.
    func holdsWithin(_ point: Position) -> Bool {
        outer.place(of: point) == .inside && holes.allSatisfy { $0.place(of: point) == .outside }
    }

    /// How far the nearest edge is from the plane's origin, kilometres; `nil` when that is `limit` or more.
    func nearestEdge(in plane: LocalPlane, within limit: Double) -> Double? {
        var nearest = outer.nearestEdge(in: plane, within: limit * limit)
        tree.visit {
            plane.squaredDistance(to: $0) < nearest
        } _: { index in
            nearest = holes[index].nearestEdge(in: plane, within: nearest)
        }
        return nearest < limit * limit ? nearest.squareRoot() : nil
    }
}

/// A closed line, compiled.
struct Ring: Sendable {
    /// Where a point lies.
    enum Place: Sendable {
        case inside, border, outside
    }

    private struct Edge: Sendable {
        var start: Position
        var end: Position

        /// Where a polygon was cut in two at the antimeridian (RFC 7946, section 3.1.9): no edge of the area.
        var isSeam: Bool { abs(start.x) == 180 && start.x == end.x }
    }

    let box: Box
    private let edges: [Edge]
    private let tree: BoxTree

    /// - Parameter positions: the first is the last.
    init(_ positions: [Position]) {
        edges = zip(positions, positions.dropFirst()).map(Edge.init)
        tree = BoxTree(
            edges.map { edge in
                var box = Box()
                box.enclose(edge.start)
                box.enclose(edge.end)
                return box
            })
        box = tree.bounds ?? Box()
    }

    func place(of point: Position) -> Place {
        switch turns(around: point) {
        case nil: .border
        case 0?: .outside
        case .some: .inside
        }
    }

    /// How often the ring goes round the point, counted where a ray to the east crosses it, upwards and downwards;
    /// `nil` for a point on it.
    func turns(around point: Position) -> Int? {
        guard box.contains(point) else { return 0 }
        var turns = 0
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
                if (side > 0) == (end.y > start.y) { turns += end.y > start.y ? 1 : -1 }
            } else if start == point || end == point {
                isOnBorder = true
            }
        }
        return isOnBorder ? nil : turns
    }

    /// How far the nearest edge is from the plane's origin, square kilometres; `limit` when none is nearer.
    func nearestEdge(in plane: LocalPlane, within limit: Double) -> Double {
        var nearest = limit
        tree.visit {
            plane.squaredDistance(to: $0) < nearest
        } _: { index in
            let edge = edges[index]
            guard !edge.isSeam else { return }
            nearest = min(nearest, plane.squaredDistance(from: edge.start, to: edge.end))
        }
        return nearest
    }
}
