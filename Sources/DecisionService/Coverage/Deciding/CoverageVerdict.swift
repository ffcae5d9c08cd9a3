import Contracts

/// What one side of an organisation's rules, `covers` or `exclude`, says of a place.
enum CoverageVerdict: Sendable {
    /// A rule holds the place.
    case holds(CoverageMatch)
    /// The point lies within an area, nearer to its edge than it is certain; or most of the ZIP's people live in a
    /// county.
    case probably(CoverageMatch, CoverageDoubt)
    /// The point lies outside of the areas, nearer to an edge than it is certain.
    case probablyNot(CoverageDoubt)
    /// Too little is known of the place to say.
    case open(CoverageDoubt)
    /// No rule holds the place.
    case no(nearest: NearArea?)
}

/// What makes an answer unsure; also what would settle it.
enum CoverageDoubt: Sendable, Equatable {
    /// Counties of the state are named, and the place's is not known.
    case county(state: String?)
    /// The ZIP lies in several counties, and not all of them are covered.
    case counties([CountyShare])
    /// The point is nearer to the area's edge than it is certain.
    case edge(NearArea)
    /// The location is too coarse, or there is none, to hold against the area.
    case coarse(CoverageRule)
    /// There is no location.
    case nowhere

    var isOfCounties: Bool {
        if case .counties = self { return true }
        return false
    }
}

/// An area, and how far away its edge is.
struct NearArea: Sendable, Equatable {
    var rule: CoverageRule
    var kilometres: Double
}
