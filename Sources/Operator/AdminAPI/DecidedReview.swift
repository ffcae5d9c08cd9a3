/// What a review has ended with.
struct DecidedReview: Sendable, Equatable, Codable {
    var id: AdminID
    /// Whether it was decided now, or so before.
    var decided: Bool
}
