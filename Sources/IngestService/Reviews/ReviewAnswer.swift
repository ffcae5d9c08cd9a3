import Contracts

import struct Foundation.Date

/// What a person may say in a review.
enum ReviewAnswer: String, Sendable, CaseIterable {
    case accept, decline

    /// What has happened then.
    var past: String {
        switch self {
        case .accept: "accepted"
        case .decline: "declined"
        }
    }

    /// How the decision says it.
    var reason: DecisionReason {
        switch self {
        case .accept: .reviewAccepted
        case .decline: .reviewDeclined
        }
    }
}

extension Decision {
    /// A person has decided.
    init(_ answer: ReviewAnswer, on review: Review, at: Date) {
        self.init(
            answer == .accept, answer.reason, on: review, at: at,
            explanation: "A person at the organization looked at the request and \(answer.past) it.")
    }

    /// Nobody has, and the deadline is over.
    init(overdue review: Review, at: Date) {
        self.init(
            review.fallback, .reviewOverdue, on: review, at: at,
            explanation: """
                Nobody had decided by the deadline, so the answer is \(review.fallback ? "yes" : "no"). \(review.explanation)
                """)
    }

    private init(_ acceptance: Bool, _ reason: DecisionReason, on review: Review, at: Date, explanation: String) {
        self.init(
            at: at, acceptance: acceptance, reason: reason, rule: review.rule,
            coverageVersion: review.coverageVersion, precision: review.precision, explanation: explanation)
    }
}
