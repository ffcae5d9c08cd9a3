import Places

/// All places within a distance of a centre.
struct Circle: Sendable {
    var centre: Position
    var kilometres: Double

    /// Great-circle distance from the centre, kilometres.
    func distance(to point: Position) -> Double {
        GreatCircle.kilometres(fromLatitude: centre.y, longitude: centre.x, toLatitude: point.y, longitude: point.x)
    }
}
