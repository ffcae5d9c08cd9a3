import Contracts

/// When an organisation wants a person to decide, and what holds when nobody does.
struct ReviewPolicy: Sendable, Equatable {
    /// What is asked of the person's organisation for one place.
    struct Request: Sendable, Equatable {
        var reason: ReviewReason
        /// Counted from the request's acceptance.
        var deadline: Duration
        /// The answer when nobody has decided until then.
        var fallback: Bool
    }

    var reasons: Set<ReviewReason>
    var deadline: Duration
    var fallback: Bool

    /// The request for the first of the reasons that the organisation wants to be asked for.
    func request(for candidates: [ReviewReason]) -> Request? {
        candidates.first(where: reasons.contains).map { Request(reason: $0, deadline: deadline, fallback: fallback) }
    }
}
