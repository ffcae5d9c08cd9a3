import Contracts

import struct Foundation.Date
import struct Foundation.UUID

/// A step that an organisation wants to take with a request.
struct StatusChange: Sendable {
    var step: OrganizationStatus.Step
    /// In the words of the staff.
    var note: String?
    /// When it was asked for, cut to milliseconds.
    var at: Date
    var traceParent: String
    /// Who takes it; `nil` for a token that has no person's name.
    var by: StaffMember?
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

/// How far the organisation has come with a request, and how much the partner is to be told about that.
struct OrganizationProgress: Sendable, Equatable {
    var status = OrganizationStatus.new
    /// The newest of the things that the partner is told: the answer is 1, each step one more.
    var sequence = RequestDecided.sequence
    /// When the last step was taken; `nil` before the first.
    var changedAt: Date?
}

extension StoredRequest {
    /// The event by which the partner learns of the request's progress.
    /// - Parameter id: `nil` for the one that follows from the request and the sequence, whoever asks how often.
    /// - Throws: `ContractError` when there is no step to tell, or it cannot be written as JSON.
    func statusChangedEvent(id eventID: UUID? = nil, traceParent: String) throws(ContractError) -> EventMessage {
        guard let decision = answer, let changedAt = organizationProgress.changedAt else {
            throw ContractError(code: .badData, detail: "no step was taken")
        }
        let derived = EventID.derive(
            from: id.uuid, stage: "ingest", type: .requestStatusChanged, occurrence: "\(organizationProgress.sequence)")
        return try EventMessage(
            Event(
                id: eventID ?? derived, source: "/intake/ingest", time: changedAt, requestID: id,
                traceParent: traceParent,
                data: RequestStatusChanged(
                    reference, decision, status: RequestStatus(rawValue: organizationProgress.status.rawValue),
                    sequence: organizationProgress.sequence, changedAt: changedAt)))
    }
}
