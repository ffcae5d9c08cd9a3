import Contracts

/// A decision as the API shows it.
struct DecisionView: Sendable, Encodable {
    var acceptance: Bool
    var reason: String
    var rule: String?
    var coverageVersion: String
    /// Of the location that was decided on.
    var precision: String?
    var explanation: String?
    var needed: String?
    var capacityNote: String?

    init(_ decision: Decision) {
        acceptance = decision.acceptance
        reason = decision.reason.rawValue
        rule = decision.rule
        coverageVersion = decision.coverageVersion
        precision = decision.precision?.rawValue
        explanation = decision.explanation
        needed = decision.needed
        capacityNote = decision.capacityNote
    }
}
