import Foundation

/// Distances on the earth taken as a sphere.
package enum GreatCircle {
    /// The mean radius of the IUGG, kilometres.
    package static let earthRadius = 6371.0088
    /// Of latitude, and of longitude at the equator.
    package static let kilometresPerDegree = earthRadius * .pi / 180

    /// By the haversine formula, kilometres; the points in degrees.
    package static func kilometres(
        fromLatitude latitude: Double, longitude: Double, toLatitude otherLatitude: Double,
        longitude otherLongitude: Double
    ) -> Double {
        let radians = Double.pi / 180
        let byLatitude = sin((otherLatitude - latitude) * radians / 2)
        let byLongitude = sin((otherLongitude - longitude) * radians / 2)
        let square =
            byLatitude * byLatitude + cos(latitude * radians) * cos(otherLatitude * radians) * byLongitude * byLongitude
        return 2 * earthRadius * asin(min(1, square.squareRoot()))
    }
}
