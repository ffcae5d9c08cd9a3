import Contracts
import Foundation

/// A point on the earth in WGS 84, in ten-thousandths of a degree (11 m): as fine as the gazetteer's file has it.
package struct Coordinate: Sendable, Hashable {
    /// Ten-thousandths of a degree.
    package var latitudeUnits: Int32
    /// Ten-thousandths of a degree.
    package var longitudeUnits: Int32

    static let unitsPerDegree = 10_000.0

    package init(latitudeUnits: Int32, longitudeUnits: Int32) {
        self.latitudeUnits = latitudeUnits
        self.longitudeUnits = longitudeUnits
    }

    /// - Parameters: degrees, rounded to the next unit.
    package init(latitude: Double, longitude: Double) {
        latitudeUnits = Int32(clamping: (latitude * Self.unitsPerDegree).rounded())
        longitudeUnits = Int32(clamping: (longitude * Self.unitsPerDegree).rounded())
    }

    /// Degrees.
    package var latitude: Double { Double(latitudeUnits) / Self.unitsPerDegree }
    /// Degrees.
    package var longitude: Double { Double(longitudeUnits) / Self.unitsPerDegree }

    /// Great-circle distance, kilometres.
    package func kilometres(to other: Coordinate) -> Double {
        GreatCircle.kilometres(
            fromLatitude: latitude, longitude: longitude, toLatitude: other.latitude, longitude: other.longitude)
    }

    /// The middle of points on the sphere, which holds across the antimeridian too; `nil` for none, and for points that
    /// balance each other out.
    package static func mean(of points: some Collection<Coordinate>) -> Coordinate? {
        let radians = Double.pi / 180
        var (x, y, z) = (0.0, 0.0, 0.0)
        for point in points {
            let (latitude, longitude) = (point.latitude * radians, point.longitude * radians)
            x += cos(latitude) * cos(longitude)
            y += cos(latitude) * sin(longitude)
            z += sin(latitude)
        }
        let across = (x * x + y * y).squareRoot()
        guard across + abs(z) > 1e-6 else { return nil }
        return Coordinate(latitude: atan2(z, across) / radians, longitude: atan2(y, x) / radians)
    }
}

extension ByteReader {
    /// Two signed 24-bit numbers, latitude first.
    /// - Throws: `inconsistent` for what is no point on the earth.
    mutating func coordinate() throws(Failure) -> Coordinate {
        let point = Coordinate(latitudeUnits: try int24(), longitudeUnits: try int24())
        guard abs(point.latitudeUnits) <= 900_000, abs(point.longitudeUnits) <= 1_800_000 else {
            throw error(.inconsistent)
        }
        return point
    }
}
