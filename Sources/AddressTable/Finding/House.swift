import Foundation
import Places

/// A house of the table.
struct House: Equatable {
    var number: HouseNumber
    /// Degrees.
    var latitude: Double
    var longitude: Double
    /// Whether the source has it at two places far apart, of which one is wrong or another town's.
    var isDoubtful = false

    /// On a flat map around the two: houses of one street lie near each other.
    func kilometres(to other: House) -> Double {
        let perDegree = GreatCircle.kilometresPerDegree
        let north = (latitude - other.latitude) * perDegree
        let east = (longitude - other.longitude) * perDegree * cos(latitude * .pi / 180)
        return (north * north + east * east).squareRoot()
    }

    /// The point on the way to the other, by their numbers.
    func point(of number: Int, towards other: House) -> (latitude: Double, longitude: Double) {
        let span = other.number.number - self.number.number
        let share = span == 0 ? 0 : Double(number - self.number.number) / Double(span)
        return (
            latitude + share * (other.latitude - latitude), longitude + share * (other.longitude - longitude)
        )
    }

    func isOnSameSide(as number: Int) -> Bool { (self.number.number - number).isMultiple(of: 2) }
}
