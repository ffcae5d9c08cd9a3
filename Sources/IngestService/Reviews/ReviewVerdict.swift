import Contracts

import struct Foundation.Date

/// What somebody wants a review to end with.
struct ReviewVerdict: Sendable {
    var answer: ReviewAnswer
    /// In the words of whoever decides; for the organisation alone.
    var note: String?
    /// Who that is. The partner sees it.
    var by: String
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
