import Contracts

import struct Foundation.Date

/// That a person is to decide, as the API shows it. What they are asked in detail is for the organisation alone: it is no
/// answer yet.
struct ReviewView: Sendable, Encodable {
    var requestedAt: Date
    var reason: String
    var deadline: Date
    var explanation: String?
    var proposal: Bool?
    var fallback: Bool?
    var rule: String?
    var coverageVersion: String?

    /// - Parameter forStaff: whether the organisation asks.
    init(_ review: Review, forStaff: Bool) {
        requestedAt = review.at
        reason = review.reason.rawValue
        deadline = review.deadline
        guard forStaff else { return }
        explanation = review.explanation
        proposal = review.proposal
        fallback = review.fallback
        rule = review.rule
        coverageVersion = review.coverageVersion
    }
}
