import Contracts
import HTTPListener
import Logging

/// Writes what somebody decides in a review, and has the partner told.
struct ReviewDecider: Sendable {
    var store: RequestStore
    var waiters: JobWaiters

    /// - Returns: the request with its decision, whether it is new or was so before.
    /// - Throws: `Problem` when it cannot be decided so; what the store throws.
    func decide(
        _ id: RequestID, _ verdict: ReviewVerdict, _ logger: Logger
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
        case .unknown: throw Problem.notFound
        }
    }
}
