import Foundation

/// Albers' equal-area conic projection of the sphere (Snyder, Map Projections: A Working Manual, chapter 14).
struct Albers: Sendable, Equatable {
    private let cone: Double
    private let constant: Double
    private let originRadius: Double
    /// Degrees.
    private let centralMeridian: Double

    /// Degrees each.
    /// - Parameters:
    ///   - parallels: those that are shown at their true length.
    ///   - origin: what lands on 0, 0.
    init(parallels: (Double, Double), origin: CountyShapes.Position) {
        let (first, second) = (Self.radians(parallels.0), Self.radians(parallels.1))
        cone = (sin(first) + sin(second)) / 2
        constant = cos(first) * cos(first) + 2 * cone * sin(first)
        originRadius = (constant - 2 * cone * sin(Self.radians(origin.latitude))).squareRoot() / cone
        centralMeridian = origin.longitude
    }

    /// In radii of the sphere: x to the east, y to the north.
    func project(_ position: CountyShapes.Position) -> (x: Double, y: Double) {
        var longitude = position.longitude - centralMeridian
        // The Aleutians reach over the antimeridian.
        if longitude > 180 { longitude -= 360 } else if longitude < -180 { longitude += 360 }
        let angle = cone * Self.radians(longitude)
        let radius = (constant - 2 * cone * sin(Self.radians(position.latitude))).squareRoot() / cone
        return (radius * sin(angle), originRadius - radius * cos(angle))
    }

    private static func radians(_ degrees: Double) -> Double { degrees * .pi / 180 }
}
