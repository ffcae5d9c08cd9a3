import Contracts

/// What the rules say of one place.
struct CoverageOutcome: Sendable, Equatable {
    var acceptance: Bool
    var reason: DecisionReason
    /// The rule that decided; absent when none holds the place.
    var rule: CoverageRule?
    /// Why, in a sentence or two that staff can say on the telephone. Of the place it names ZIP, county and state alone.
    var explanation: String
    /// What would have made the answer surer; absent when nothing was missing.
    var needed: String?
    /// The note of the block that the place is covered by.
    var capacityNote: String?
    /// Set when a person is to decide; all else is then what the rules would have said.
    var review: ReviewPolicy.Request?
}
