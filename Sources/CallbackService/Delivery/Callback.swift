/// What one partner is told about one request.
struct Callback: Sendable, Equatable {
    /// Where, with the partner's id of the request in it.
    var url: String
    var acceptance: Bool
    /// The same on every attempt, so that the partner recognises a repetition.
    var idempotencyKey: String
}
