/// What organisations cover.
struct CoveredAreas: Sendable, Equatable, Decodable {
    var coverageVersion: String
    var areas: [Area]

    struct Area: Sendable, Equatable, Decodable {
        var organization: String
        var name: String?
        var states: [String]
        /// The share that is covered, by FIPS code.
        var counties: [String: Double]
    }
}
