/// How many requests of a provider are where. Each is in exactly one of the four places.
struct Conservation: Sendable, Equatable {
    var provider: String
    /// All that were ever answered with 202.
    var accepted: Int
    /// Whose answer the partner has taken.
    var told: Int
    /// Under way.
    var pending: Int
    /// Waiting for a person of the organisation to decide: no queue has them.
    var review: Int
    /// Given up by a stage, and waiting for an operator or discarded by one.
    var dead: Int
}
