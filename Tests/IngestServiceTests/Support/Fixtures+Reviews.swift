import AdminAPI
import Contracts
import Foundation

@testable import IngestService

/// What DecisionService and people say about a request that is in doubt.
extension Fixture {
    static func review(
        after seconds: Double = 2, deadline: Double = 7200, fallback: Bool = false
    ) -> Recorded<ReviewQuestion> {
        Recorded(
            ReviewQuestion(
                reason: .locationTooCoarse, proposal: true, rule: "radius:boston", coverageVersion: "v1",
                precision: .zip, explanation: "The ZIP's middle is 2 km inside, give or take 9 km.",
                deadline: now + deadline, fallback: fallback), at: now + seconds)
    }

    static func reviewRequested(
        after seconds: Double = 2, deadline: Double = 7200, fallback: Bool = false
    ) -> ProgressUpdate {
        .reviewRequested(review(after: seconds, deadline: deadline, fallback: fallback))
    }

    /// What a review has decided, as it comes back over the broker.
    static func reviewed(_ answer: ReviewAnswer, after seconds: Double) -> ProgressUpdate {
        .decided(Recorded(Decision(answer, on: review().fact), at: now + seconds))
    }

    static func verdict(
        _ answer: ReviewAnswer, after seconds: Double = 60, note: String? = nil, organization: String? = nil
    ) -> ReviewVerdict {
        ReviewVerdict(
            answer: answer, note: note, by: "ada@desk", organization: organization, at: now + seconds,
            traceParent: traceParent)
    }
}
