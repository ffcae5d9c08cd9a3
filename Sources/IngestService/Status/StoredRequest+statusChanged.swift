import Contracts

import struct Foundation.UUID

extension StoredRequest {
    /// The event by which the partner learns of the request's standing.
    /// - Parameter id: `nil` for the one that follows from the request and the sequence, whoever asks how often.
    /// - Throws: `ContractError` when there is no step to tell, or it cannot be written as JSON.
    func statusChangedEvent(id eventID: UUID? = nil, traceParent: String) throws(ContractError) -> EventMessage {
        guard let decision, let changedAt = standing.changedAt else {
            throw ContractError(code: .badData, detail: "no step was taken")
        }
        let derived = EventID.derive(
            from: id.uuid, stage: "ingest", type: .requestStatusChanged, occurrence: "\(standing.sequence)")
        return try EventMessage(
            Event(
                id: eventID ?? derived, source: "/intake/ingest", time: changedAt, requestID: id,
                traceParent: traceParent,
                data: RequestStatusChanged(
                    provider: provider.id, providerRequestID: submission.providerRequestID,
                    organization: provider.organization, acceptance: decision.acceptance, reason: decision.reason,
                    rule: decision.rule, precision: decision.precision ?? geocoding?.location?.precision,
                    status: RequestStatus(rawValue: standing.status.rawValue), sequence: standing.sequence,
                    changedAt: changedAt, acceptedAt: acceptedAt)))
    }
}
