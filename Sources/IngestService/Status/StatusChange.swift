import Contracts

import struct Foundation.Date

/// A step that an organisation wants to take with a request.
struct StatusChange: Sendable {
    var step: OrganizationStatus.Step
    /// In the words of the staff.
    var note: String?
    /// When it was asked for, cut to milliseconds.
    var at: Date
    var traceParent: String
    /// Whether the request is still what the client has seen of it; asked within the transaction.
    var precondition: @Sendable (StoredRequest) -> Bool = { _ in true }
}

/// What became of it.
enum StatusChangeOutcome: Sendable, Equatable {
    /// It is on disk together with its event.
    case changed(StoredRequest)
    /// It was so already.
    case unchanged(StoredRequest)
    /// There is no such step from the status where the request is.
    case refused(OrganizationStatus)
    /// Nobody knows yet whether the organisation covers the place.
    case undecided
    /// The organisation does not cover it.
    case declined
    /// It is not any more what the client has seen.
    case preconditionFailed
    /// There is no such request.
    case unknown
}
