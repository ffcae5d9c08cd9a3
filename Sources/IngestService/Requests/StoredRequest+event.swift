import Contracts

import struct Foundation.UUID

extension StoredRequest {
    /// The event of the stage where the request stopped: the last one that is known to have been said, as it was, under
    /// the id that it had. Whoever has seen it before recognises it.
    /// - Throws: `ContractError` when it cannot be written as JSON.
    func lastEvent() throws(ContractError) -> EventMessage {
        let trace = TraceParent.from(nil)
        // A step repeats the answer: telling the answer alone would come after it.
        if organizationProgress.changedAt != nil { return try statusChangedEvent(traceParent: trace) }
        if decision != nil { return try decidedEvent(traceParent: trace) }
        if let geocoding {
            return try EventMessage(
                Event(
                    id: geocodedID, source: "/intake/geocode", time: geocoding.at, requestID: id, traceParent: trace,
                    data: RequestGeocoded(reference, geocoding.fact)))
        }
        return try NewRequest(id: id, provider: provider, submission: submission, acceptedAt: acceptedAt)
            .acceptedEvent(traceParent: trace)
    }

    /// The newest thing that the partner is to be told, under an id that nobody has seen.
    /// - Throws: `ContractError` when nothing is decided, or it cannot be written as JSON.
    func newsEvent(id eventID: UUID) throws(ContractError) -> EventMessage {
        let trace = TraceParent.from(nil)
        return organizationProgress.changedAt == nil
            ? try decidedEvent(id: eventID, traceParent: trace)
            : try statusChangedEvent(id: eventID, traceParent: trace)
    }

    /// The answer. It has one id, whoever gives it: a review's has the one that DecisionService would have given its
    /// own, so that a partner that is told twice takes the second one for a repetition, whatever it says.
    /// - Parameter id: `nil` for that one.
    /// - Throws: `ContractError` when nothing is decided, or it cannot be written as JSON.
    func decidedEvent(id eventID: UUID? = nil, traceParent: String) throws(ContractError) -> EventMessage {
        guard let decision, let answer else { throw ContractError(code: .badData, detail: "nothing is decided") }
        return try EventMessage(
            Event(
                id: eventID ?? decidedID, source: decision.weight > 0 ? "/intake/ingest" : "/intake/decision",
                time: decision.at, requestID: id, traceParent: traceParent, data: RequestDecided(reference, answer)))
    }

    /// The decision as the partner is told it. Earlier versions did not keep how precisely the place was known.
    var answer: Decision? {
        guard var answer = decision?.fact else { return nil }
        answer.precision = answer.precision ?? geocoding?.location?.precision
        return answer
    }

    // The ids that IngestService and the stages' loops derive, each from the one before.
    private var acceptedID: UUID { EventID.derive(from: id.uuid, stage: "ingest", type: .requestAccepted) }
    private var geocodedID: UUID { derive(from: acceptedID, .geocode, .requestGeocoded) }
    private var decidedID: UUID { derive(from: geocodedID, .decision, .requestDecided) }

    private func derive(from cause: UUID, _ stage: Stage, _ type: EventType) -> UUID {
        EventID.derive(from: cause, stage: stage.rawValue, type: type)
    }
}
