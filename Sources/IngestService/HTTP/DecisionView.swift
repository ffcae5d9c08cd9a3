import Contracts

/// A decision as the API shows it.
struct DecisionView: Sendable, Encodable {
    var acceptance: Bool
    var reason: String
    var rule: String?
    var coverageVersion: String

    init(_ decision: Decision) {
        acceptance = decision.acceptance
        reason = decision.reason.rawValue
        rule = decision.rule
        coverageVersion = decision.coverageVersion
    }
}
