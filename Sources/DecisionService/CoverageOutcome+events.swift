import Contracts
import Foundation

extension RequestDecided {
    /// An outcome that nobody is asked about: because nobody is to be, or because the time for it has passed, and then
    /// the fallback holds.
    init(_ geocoded: RequestGeocoded, _ outcome: CoverageOutcome, version: String) {
        self.init(geocoded.request, outcome.decision(at: geocoded.geocoding.location?.precision, version: version))
    }
}

extension RequestReviewRequested {
    init(
        _ geocoded: RequestGeocoded, _ outcome: CoverageOutcome, _ review: ReviewPolicy.Request, until deadline: Date,
        version: String
    ) {
        // What would settle it is for the person, too.
        let needed = outcome.needed.map { " Needed: \($0)." } ?? ""
        self.init(
            geocoded.request,
            ReviewQuestion(
                reason: review.reason, proposal: outcome.acceptance, rule: outcome.rule?.description,
                coverageVersion: version, precision: geocoded.geocoding.location?.precision,
                explanation: outcome.explanation + needed, deadline: deadline, fallback: review.fallback))
    }
}
