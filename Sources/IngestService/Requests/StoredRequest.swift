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
    var geocoding: Recorded<Geocoding>?
    /// What DecisionService wants a person to decide; stays when it is decided, see `openReview`.
    var review: Recorded<ReviewQuestion>?
    /// What DecisionService or a review decided; `nil` until then.
    var decision: Recorded<Decision>?
    /// How the partner took the answer; `nil` until it has.
    var receipt: Receipt?
    /// How far the organisation has come with it.
    var organizationProgress = OrganizationProgress()
    /// The newest thing beyond the answer that the partner has taken; `nil` until then.
    var lastNotified: LastNotified?
    /// When its job was forgotten, see `Retention`.
    var expiredAt: Date?
    /// When the personal data was erased: it is all empty text since.
    var erasedAt: Date?
    /// When the partner said that the help is not needed any more.
    var withdrawnAt: Date?
    /// When the partner last corrected whom to reach.
    var correctedAt: Date?
    /// In whose hands the organisation has put it; `nil` when nobody ever said.
    var assignment: Assignment?
    /// What stages had to say that could not do their work, now or earlier.
    var stageFailures: [StageFailureRecord] = []
}

extension StoredRequest {
    /// What the events about it say of whose it is.
    var reference: RequestReference {
        RequestReference(
            provider: provider.id, providerRequestID: submission.providerRequestID, organization: provider.organization,
            acceptedAt: acceptedAt)
    }
}

/// A fact that somebody has told, and when it was told.
@dynamicMemberLookup
struct Recorded<Fact: Sendable & Equatable>: Sendable, Equatable {
    var at: Date
    var fact: Fact

    init(_ fact: Fact, at: Date) {
        self.at = at
        self.fact = fact
    }

    subscript<Value>(dynamicMember path: KeyPath<Fact, Value>) -> Value { fact[keyPath: path] }
}
