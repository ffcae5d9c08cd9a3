/// What rules say to a place.
struct PlaceOutcome: Sendable, Equatable, Decodable {
    /// `covered`, `not_covered`, `review`, `unknown`; there may be more one day.
    var outcome: String
    var reason: String
    var rule: String?

    struct Page: Decodable {
        /// `nil` where the organisation has no rules.
        var outcomes: [PlaceOutcome?]
    }
}
