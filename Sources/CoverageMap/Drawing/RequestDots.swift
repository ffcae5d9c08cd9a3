/// Requests as dots: those of one place and one answer are one dot, the larger the more they are.
package struct RequestDots: Sendable, Equatable {
    package enum Answer: String, Sendable, CaseIterable {
        case accepted, declined, open

        var label: String {
            switch self {
            case .accepted: "accepted"
            case .declined: "declined"
            case .open: "not decided yet"
            }
        }
        var colour: String {
            switch self {
            case .accepted: "#ffffff"
            case .declined: "#111111"
            case .open: "#f0e442"
            }
        }
    }

    struct Place: Sendable, Hashable {
        var x: Int
        var y: Int
        var answer: Answer
    }

    /// By the place in tenths of a pixel.
    private(set) var places: [Place: Int] = [:]
    /// Those that the map does not show: outside of it, or without a location.
    package private(set) var notShown = 0

    package init() {}

    package mutating func add(_ position: CountyShapes.Position?, _ answer: Answer) {
        guard let position, let region = MapRegion(of: position) else {
            notShown += 1
            return
        }
        let point = MapFrame.place(position, in: region)
        places[Place(x: Int((point.x * 10).rounded()), y: Int((point.y * 10).rounded()), answer: answer), default: 0] +=
            1
    }

    package var shown: Int { places.values.reduce(0, +) }

    func count(_ answer: Answer) -> Int { places.reduce(0) { $0 + ($1.key.answer == answer ? $1.value : 0) } }

    /// Pixels: the area grows with the number, to a bound.
    static func radius(_ count: Int) -> Double { min(14, 1.6 + 1.1 * Double(count).squareRoot()) }
}
