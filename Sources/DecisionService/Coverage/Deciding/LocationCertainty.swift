import Contracts

/// How far a location can be trusted.
struct LocationCertainty: Sendable, Equatable {
    /// Within which distance of the point the address lies, kilometres.
    var kilometres: Double
    /// Half the way round the earth.
    private static let anywhere = 20_000.0

    /// Whether it may say that a place lies in an area. The middle of a city or of a ZIP prefix is no place where an
    /// address is: such a point only ever says no, and from far away.
    var decidesAreas: Bool

    init(_ location: GeocodedLocation) {
        let (assumed, decides): (Double, Bool) =
            switch location.precision {
            case .rooftop: (0.05, true)
            case .interpolated: (0.2, true)
            case .street: (1, true)
            case .zip: (9, true)
            case .city: (12, false)
            // What a later version adds is the coarsest.
            default: (60, false)
            }
        let told = location.uncertaintyKilometres.flatMap { $0.isFinite && $0 >= 0 ? $0 : nil }
        kilometres = min(told ?? assumed, Self.anywhere)
        decidesAreas = decides
    }
}
