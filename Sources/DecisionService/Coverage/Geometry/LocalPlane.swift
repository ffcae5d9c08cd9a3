import Foundation
import Places

/// Kilometres around a point: degrees are scaled as they are at its latitude. Good to one in a hundred within 100 km,
/// which is far more than is known of a location.
struct LocalPlane: Sendable {
    let origin: Position
    private let scaleX: Double

    init(origin: Position) {
        self.origin = origin
        // Never 0: at a pole every longitude is the same place, but there is nobody.
        scaleX = max(0.001, cos(origin.y * .pi / 180)) * GreatCircle.kilometresPerDegree
    }

    /// The point so many kilometres away.
    func position(east: Double, north: Double) -> Position {
        Position(x: origin.x + east / scaleX, y: origin.y + north / GreatCircle.kilometresPerDegree)
    }

    /// How far the point lies from the origin.
    func kilometres(to point: Position) -> (east: Double, north: Double) {
        ((point.x - origin.x) * scaleX, (point.y - origin.y) * GreatCircle.kilometresPerDegree)
    }

    /// From the origin, square kilometres; 0 inside.
    func squaredDistance(to box: Box) -> Double {
        let x = max(box.minX - origin.x, 0, origin.x - box.maxX) * scaleX
        let y = max(box.minY - origin.y, 0, origin.y - box.maxY) * GreatCircle.kilometresPerDegree
        return x * x + y * y
    }

    /// From the origin to the nearest point of a line, square kilometres.
    func squaredDistance(from start: Position, to end: Position) -> Double {
        let (startX, startY) = kilometres(to: start)
        let (endX, endY) = kilometres(to: end)
        let (alongX, alongY) = (endX - startX, endY - startY)
        let length = alongX * alongX + alongY * alongY
        let share = length > 0 ? min(1, max(0, -(startX * alongX + startY * alongY) / length)) : 0
        let (x, y) = (startX + share * alongX, startY + share * alongY)
        return x * x + y * y
    }
}
