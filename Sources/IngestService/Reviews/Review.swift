import Contracts

import struct Foundation.Date

/// That a person is to decide, as the projection keeps it.
struct Review: Sendable, Equatable {
    /// The most that a person may take, milliseconds: ten years.
    private static let longestTime: Int64 = 315_360_000_000

    /// When DecisionService asked for it.
    var at: Date
    var reason: ReviewReason
    /// What the rules say as far as they go.
    var proposal: Bool
    var rule: String?
    var coverageVersion: String
    var precision: GeocodedLocation.Precision?
    /// What is doubtful, in a sentence for whoever decides.
    var explanation: String
    var deadline: Date
    /// What is decided when nobody has until then.
    var fallback: Bool

    /// The deadline is looked after by this host's clock, which need not agree with that of whoever asked: the time to
    /// decide is counted from here on.
    /// - Parameter now: when it came here.
    init(_ data: RequestReviewRequested, at: Date, receivedAt now: Date) {
        let time = min(max(0, data.deadline.milliseconds - at.milliseconds), Self.longestTime)
        self.init(
            at: at, reason: data.reason, proposal: data.proposal, rule: data.rule,
            coverageVersion: data.coverageVersion, precision: data.precision, explanation: data.explanation,
            deadline: Date(milliseconds: now.milliseconds + time),
            fallback: data.fallback)
    }

    init(
        at: Date, reason: ReviewReason, proposal: Bool, rule: String?, coverageVersion: String,
        precision: GeocodedLocation.Precision?, explanation: String, deadline: Date, fallback: Bool
    ) {
        self.at = at
        self.reason = reason
        self.proposal = proposal
        self.rule = rule
        self.coverageVersion = coverageVersion
        self.precision = precision
        self.explanation = explanation
        self.deadline = deadline
        self.fallback = fallback
    }
}

extension StoredRequest {
    /// The review that is waited for. Whatever is decided, by a person or by the rules after all, ends it.
    var openReview: Review? { decision == nil && receipt == nil ? review : nil }
}
