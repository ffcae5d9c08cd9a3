/// What a rule draws on the map.
enum Area: Sendable {
    case polygon(Polygon)
    case circle(Circle)

    func covers(_ point: Position) -> Bool {
        switch self {
        case .polygon(let polygon): polygon.covers(point)
        case .circle(let circle): circle.distance(to: point) <= circle.kilometres
        }
    }

    /// How far its nearest edge is from the plane's origin, kilometres; `nil` when that is `limit` or more.
    func nearestEdge(in plane: LocalPlane, within limit: Double) -> Double? {
        switch self {
        case .polygon(let polygon): return polygon.nearestEdge(in: plane, within: limit)
        case .circle(let circle):
            let distance = abs(circle.distance(to: plane.origin) - circle.kilometres)
            return distance < limit ? distance : nil
        }
    }

    /// What encloses it; a circle's is made a little too large.
    var box: Box {
        switch self {
        case .polygon(let polygon): return polygon.box
        case .circle(let circle):
            var box = Box()
            // Towards the pole the meridians are closer: the scale of the farther edge serves for both.
            let north = abs(circle.centre.y) + circle.kilometres / 110
            let middle = LocalPlane(origin: circle.centre)
            let edge = LocalPlane(origin: Position(x: circle.centre.x, y: min(north, 90)))
            for sign in [-1.01, 1.01] {
                box.enclose(middle.position(east: 0, north: sign * circle.kilometres))
                box.enclose(Position(x: edge.position(east: sign * circle.kilometres, north: 0).x, y: circle.centre.y))
            }
            return box
        }
    }
}
