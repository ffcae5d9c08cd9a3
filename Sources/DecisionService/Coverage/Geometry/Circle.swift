import Foundation

/// All places within a distance of a centre.
struct Circle: Sendable {
    var centre: Position
    var kilometres: Double

    /// Great-circle distance from the centre, kilometres.
    func distance(to point: Position) -> Double {
        let radians = Double.pi / 180
        let (latitude, other) = (centre.y * radians, point.y * radians)
        let byLatitude = sin((other - latitude) / 2)
        let byLongitude = sin((point.x - centre.x) * radians / 2)
        let square = byLatitude * byLatitude + cos(latitude) * cos(other) * byLongitude * byLongitude
        return 2 * LocalPlane.earthRadius * asin(min(1, square.squareRoot()))
    }
}
