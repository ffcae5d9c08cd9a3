/// The outlines of the counties of the United States and its territories.
///
/// Neighbours share their borders: each stretch between two corners is one arc, and a county is rings of arcs. So a
/// border is drawn once, and the border of a state is the arcs whose two sides lie in different states.
package struct CountyShapes: Sendable, Equatable {
    /// A point in WGS 84, degrees.
    package struct Position: Sendable, Hashable {
        package var longitude: Double
        package var latitude: Double

        package init(longitude: Double, latitude: Double) {
            self.longitude = longitude
            self.latitude = latitude
        }
    }

    /// An arc of a ring, perhaps backwards.
    struct Step: Sendable, Hashable {
        var arc: Int
        var isBackwards: Bool
    }

    package struct County: Sendable, Equatable {
        /// Five digits.
        package var fips: String
        /// Without what it is: `Harris`.
        package var name: String
        var rings: [[Step]]

        /// The two digits of its state.
        package var stateFIPS: Substring { fips.prefix(2) }
    }

    /// The states' USPS codes, by their two digits.
    package let states: [String: String]
    let arcs: [[Position]]
    /// Ascending by FIPS code.
    package let counties: [County]

    /// The USPS code of a county's state.
    package func state(of county: County) -> String { states[String(county.stateFIPS)] ?? "" }

    /// A ring's points, the first again at the end.
    func points(of ring: [Step]) -> [Position] {
        var points: [Position] = []
        for step in ring {
            let arc = arcs[step.arc]
            let rest = points.isEmpty ? 0 : 1
            if step.isBackwards {
                points += arc.reversed().dropFirst(rest)
            } else {
                points += arc.dropFirst(rest)
            }
        }
        return points
    }
}
