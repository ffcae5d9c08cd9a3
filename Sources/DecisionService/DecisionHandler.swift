import Contracts
import Foundation
import Metrics
import ServiceRuntime

/// The decision stage: one `RequestGeocoded` in, one `RequestDecided` out; or a `RequestReviewRequested`, where the
/// organisation wants a person to decide.
struct DecisionHandler: StageHandler {
    typealias Input = Event<RequestGeocoded>

    /// Asked for every message, so that a changed file holds from the next one on.
    private let coverage: @Sendable () -> Coverage

    init(coverage: @escaping @Sendable () -> Coverage) {
        self.coverage = coverage
    }

    /// Computed in microseconds.
    var handlesTogether: Bool { true }

    /// - Throws: transient `organization-not-configured` when the coverage file lacks the organisation. That is the
    ///   operator's to mend, and "no" would be a wrong answer: the request is tried again by the stage's schedule and
    ///   then waits in the dead queue to be replayed.
    func handle(_ input: Event<RequestGeocoded>, context: StageContext) async throws(StageFailure) -> [any EventData] {
        let geocoded = input.data
        let coverage = coverage()
        guard
            let outcome = coverage.decide(
                PlaceToDecide(geocoded.geocoding), organization: geocoded.request.organization,
                at: geocoded.request.acceptedAt)
        else {
            throw .transient(
                "organization-not-configured", "The coverage file does not list the organisation that was asked for.")
        }
        if let review = outcome.review {
            let deadline = geocoded.request.acceptedAt.shifted(by: review.deadline)
            if context.now < deadline {
                Counter(label: "intake_reviews_requested_total", dimensions: [("reason", review.reason.rawValue)])
                    .increment()
                return [RequestReviewRequested(geocoded, outcome, review, until: deadline, version: coverage.version)]
            }
        }
        let decided = RequestDecided(geocoded, outcome, version: coverage.version)
        Counter(label: "intake_decisions_total", dimensions: [("reason", decided.decision.reason.rawValue)]).increment()
        return [decided]
    }
}
