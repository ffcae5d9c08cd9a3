import AdminAPI
import Contracts
import HTTPListener
import Logging

import struct Foundation.Date

/// What somebody wants a review to end with.
struct ReviewVerdict: Sendable {
    var answer: ReviewAnswer
    /// In the words of whoever decides; for the organisation alone.
    var note: String?
    /// Who that is. The partner sees it.
    var by: String
    /// Who that is at the organisation's desk; for the organisation alone.
    var person: StaffMember?
    /// Whose requests they may decide about; `nil` for all.
    var organization: String?
    /// When it was said, cut to milliseconds.
    var at: Date
    var traceParent: String
    /// Whether the request is still what the client has seen of it; asked within the transaction.
    var precondition: @Sendable (StoredRequest) -> Bool = { _ in true }

    func concerns(_ request: StoredRequest) -> Bool {
        organization == nil || request.provider.organization == organization
    }
}

/// What became of it.
enum ReviewOutcome: Sendable, Equatable {
    /// It is on disk together with its event.
    case decided(StoredRequest)
    /// It was decided so already, by somebody who was asked.
    case unchanged(StoredRequest)
    /// Somebody else was faster: another person, the deadline, or the rules after all.
    case decidedOtherwise(StoredRequest)
    /// Nothing is decided, and nobody was asked.
    case notAsked
    /// It is not any more what the client has seen.
    case preconditionFailed
    /// There is no such request, or it is another organisation's.
    case unknown
}

/// Writes what somebody decides in a review, and has the partner told.
struct ReviewDecider: Sendable {
    var waiters: JobWaiters

    /// - Returns: the request with its decision, whether it is new or was so before.
    /// - Throws: `Problem` when it cannot be decided so; what the store throws.
    func decide(
        _ id: RequestID, _ verdict: ReviewVerdict, in store: RequestStore, _ logger: Logger
    ) async throws -> (request: StoredRequest, isNew: Bool) {
        switch try await store.decideReview(of: id, verdict) {
        case .decided(let request):
            waiters.wake(id)
            logger.info(
                "A person has decided a request.",
                metadata: ["request_id": "\(id)", "decision": "\(verdict.answer.rawValue)"])
            return (request, true)
        case .unchanged(let request): return (request, false)
        case .decidedOtherwise(let request): throw Problem.alreadyDecided(request)
        case .notAsked: throw Problem.noReview
        case .preconditionFailed: throw Problem.preconditionFailed
        case .unknown: throw Problem.unknownRequest
        }
    }
}
