import Contracts

import struct Foundation.Date
import struct Foundation.UUID

extension RequestStore {
    /// Takes a step with a request, and writes the event that tells the partner of it, or neither. Two at once take
    /// their turns: the second one sees what the first one made of it.
    /// - Parameter organization: whose staff asks; others' requests are not there.
    func changeStatus(
        of id: RequestID, within organization: String, _ change: StatusChange
    ) async throws(StoreError) -> StatusChangeOutcome {
        try await write { transaction in
            try transaction.lock(id)
            guard var request = try transaction.request(id), request.provider.organization == organization else {
                return .unknown
            }
            guard change.precondition(request) else { return .preconditionFailed }
            guard let decision = request.decision else { return .undecided }
            guard decision.acceptance else { return .declined }
            switch request.organizationProgress.status.taking(change.step) {
            case .stays: return .unchanged(request)
            case .refused: return .refused(request.organizationProgress.status)
            case .moved(let status):
                try transaction.take(change, to: status, &request)
                return .changed(request)
            }
        }
    }

    /// Puts the newest thing that the partner is to be told into the outbox once more, under an id that nobody has
    /// seen.
    /// - Parameter provider: who asks, of whom others' requests are not there; `nil` for an operator.
    func resend(
        _ id: RequestID, by eventID: UUID, at now: Date, for provider: Provider? = nil
    ) async throws(StoreError) -> Resending {
        try await write { transaction in
            try transaction.lock(id)
            guard let request = try transaction.request(id), request.provider.id == provider?.id ?? request.provider.id
            else { return .unknown }
            guard request.decision != nil else { return .undecided }
            let event = try transaction.tellAgain(request, by: eventID, at: now)
            if let provider { try transaction.write(provider.entry(.resent, id, at: now)) }
            return .enqueued(event.type, sequence: request.organizationProgress.sequence)
        }
    }
}

extension StoreTransaction {
    /// There is something to tell again: a job that was forgotten comes back.
    func take(_ change: StatusChange, to status: OrganizationStatus, _ request: inout StoredRequest) throws {
        request.organizationProgress = OrganizationProgress(
            status: status, sequence: request.organizationProgress.sequence + 1, changedAt: change.at)
        request.expiredAt = nil
        let organizationProgress = request.organizationProgress
        try execute(
            """
            UPDATE request SET status = ?1, sequence = ?2, status_changed_at = ?3, expired_at = NULL,
                moved_at = CASE WHEN moved_at < ?3 THEN ?3 ELSE moved_at END WHERE id = ?4
            """, [organizationProgress.status, organizationProgress.sequence, change.at, request.id])
        let event = try StoreError.reading("request") { () throws(ContractError) in
            try request.statusChangedEvent(traceParent: change.traceParent)
        }
        try note(
            TimelineEntry(
                at: change.at, name: event.id?.canonical ?? "", kind: .statusChanged,
                sequence: organizationProgress.sequence,
                detail: organizationProgress.status.rawValue, note: change.note, person: change.by?.name),
            of: request.id)
        if request.assignment != nil { try setOpen(status.isOpen, request.id) }
        if let by = change.by {
            try write(
                AuditEntry(
                    at: change.at, person: by.email, organization: by.organization, action: .stepTaken,
                    request: request.id, detail: organizationProgress.status.rawValue))
        }
        try enqueue(event, at: change.at)
    }
}

/// What became of a wish to tell the partner once more.
enum Resending: Sendable, Equatable {
    /// The event is in the outbox.
    case enqueued(EventType?, sequence: Int)
    /// There is nothing to tell yet.
    case undecided
    /// There is no such request.
    case unknown
}
