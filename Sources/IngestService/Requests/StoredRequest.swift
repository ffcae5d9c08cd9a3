import Contracts

import struct Foundation.Date

/// A request as the store has it: what the partner sent, and what the other services have said about it since.
///
/// The facts may come in any order; what the job shows is computed from them, see `job`.
struct StoredRequest: Sendable, Equatable {
    var id: RequestID
    var provider: Provider
    var submission: Submission
    var acceptedAt: Date
    /// What GeocodeService said; `nil` until it has.
    var geocoding: Geocoding?
    /// What DecisionService said; `nil` until it has.
    var decision: Decision?
    /// How the partner took the answer; `nil` until it has.
    var receipt: Receipt?
    /// What stages had to say that could not do their work, now or earlier.
    var troubles: [Stage: StageTrouble] = [:]
}
