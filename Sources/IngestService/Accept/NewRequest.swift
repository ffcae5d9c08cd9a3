import Contracts

import struct Foundation.Date

/// A checked submission on its way into the store.
struct NewRequest: Sendable, Equatable {
    var id: RequestID
    var provider: Provider
    var submission: Submission
    /// Cut to the milliseconds that the wire carries.
    var acceptedAt: Date

    /// The event that the request is written together with.
    /// - Parameter traceParent: the W3C trace that the POST belongs to.
    /// - Throws: `ContractError` when the event cannot be written as JSON.
    func acceptedEvent(traceParent: String) throws(ContractError) -> EventMessage {
        try EventMessage(
            Event(
                id: EventID.derive(from: id.uuid, stage: "ingest", type: .requestAccepted),
                source: "/intake/ingest", time: acceptedAt, requestID: id, traceParent: traceParent,
                data: RequestAccepted(
                    provider: provider.id, providerRequestID: submission.providerRequestID,
                    organization: provider.organization, address: submission.address,
                    regionCode: submission.regionCode, acceptedAt: acceptedAt)))
    }
}
