import AdminAPI
import Contracts

import struct Foundation.Date

extension ReviewAnswer {
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
    init(_ answer: ReviewAnswer, on question: ReviewQuestion) {
        self.init(
            answer == .accept, answer.reason, on: question,
            explanation: "A person at the organization looked at the request and \(answer.past) it.")
    }

    /// Nobody has, and the deadline is over.
    init(overdue question: ReviewQuestion) {
        self.init(
            question.fallback, .reviewOverdue, on: question,
            explanation: """
                Nobody had decided by the deadline, so the answer is \(question.fallback ? "yes" : "no"). \
                \(question.explanation)
                """)
    }

    private init(_ acceptance: Bool, _ reason: DecisionReason, on question: ReviewQuestion, explanation: String) {
        self.init(
            acceptance: acceptance, reason: reason, rule: question.rule, coverageVersion: question.coverageVersion,
            precision: question.precision, explanation: explanation)
    }

    /// Of two, the weightier one stays. What the rules said gives way to what they say later; what a deadline decided
    /// only to a person, and what a person decided to nothing: the first one of its weight has been told.
    var weight: Int { Self.weights[reason] ?? 0 }

    /// Of the reasons that do not come from the rules.
    static let weights: [DecisionReason: Int] = [.reviewOverdue: 1, .reviewAccepted: 2, .reviewDeclined: 2]
}

extension ReviewQuestion {
    /// The most that a person may take, milliseconds: ten years.
    private static let longestTime: Int64 = 315_360_000_000

    /// The deadline is looked after by this host's clock, which need not agree with that of whoever asked: the time to
    /// decide is counted from here on.
    /// - Parameters:
    ///   - askedAt: when it was asked, by the clock of the one who did.
    ///   - now: when it came here.
    func received(askedAt: Date, now: Date) -> Recorded<ReviewQuestion> {
        var question = self
        let time = min(max(0, deadline.milliseconds - askedAt.milliseconds), Self.longestTime)
        question.deadline = Date(milliseconds: now.milliseconds + time)
        return Recorded(question, at: askedAt)
    }
}

extension StoredRequest {
    /// The review that is waited for. Whatever is decided, by a person or by the rules after all, ends it.
    var openReview: Recorded<ReviewQuestion>? { decision == nil && receipt == nil ? review : nil }
}
