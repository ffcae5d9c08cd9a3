import Contracts

import struct Foundation.Date

/// Whether the organisation covers the place, as the projection keeps it.
struct Decision: Sendable, Equatable {
    /// When DecisionService said so.
    var at: Date
    var acceptance: Bool
    var reason: DecisionReason
    var rule: String?
    var coverageVersion: String

    init(_ data: RequestDecided, at: Date) {
        self.init(
            at: at, acceptance: data.acceptance, reason: data.reason, rule: data.rule,
            coverageVersion: data.coverageVersion)
    }

    init(at: Date, acceptance: Bool, reason: DecisionReason, rule: String?, coverageVersion: String) {
        self.at = at
        self.acceptance = acceptance
        self.reason = reason
        self.rule = rule
        self.coverageVersion = coverageVersion
    }
}
