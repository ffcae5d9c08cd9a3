import Contracts
import Metrics
import ServiceRuntime

/// The decision stage: one `RequestGeocoded` in, one `RequestDecided` out.
struct DecisionHandler: StageHandler {
    typealias Input = Event<RequestGeocoded>

    /// Asked for every message, so that a changed file holds from the next one on.
    private let coverage: @Sendable () -> Coverage

    init(coverage: @escaping @Sendable () -> Coverage) {
        self.coverage = coverage
    }

    /// - Throws: transient `organization-not-configured` when the coverage file lacks the organisation. That is the
    ///   operator's to mend, and "no" would be a wrong answer: the request is tried again by the stage's schedule and
    ///   then waits in the dead queue to be replayed.
    func handle(_ input: Event<RequestGeocoded>, context: StageContext) async throws(StageFailure) -> [any EventData] {
        let decided = try decide(input.data)
        Counter(label: "intake_decisions_total", dimensions: [("reason", decided.reason.rawValue)]).increment()
        return [decided]
    }

    func decide(_ geocoded: RequestGeocoded) throws(StageFailure) -> RequestDecided {
        let coverage = coverage()
        guard let decision = coverage.decide(PlaceToDecide(geocoded), organization: geocoded.organization) else {
            throw .transient(
                "organization-not-configured", "The coverage file does not list the organisation that was asked for.")
        }
        return RequestDecided(
            provider: geocoded.provider, providerRequestID: geocoded.providerRequestID,
            organization: geocoded.organization, acceptance: decision.acceptance, reason: decision.reason,
            rule: decision.rule?.description, coverageVersion: coverage.version,
            precision: geocoded.location?.precision, acceptedAt: geocoded.acceptedAt)
    }
}
