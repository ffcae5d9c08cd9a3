import Contracts

import struct Foundation.UUID

extension StoredRequest {
    /// The event of the stage where the request stopped: the last one that is known to have been said, as it was, under the
    /// id that it had. Whoever has seen it before recognises it.
    /// - Throws: `ContractError` when it cannot be written as JSON.
    func lastEvent() throws(ContractError) -> EventMessage {
        let trace = TraceParent.from(nil)
        if let decision {
            return try EventMessage(
                Event(
                    id: decidedID, source: "/intake/decision", time: decision.at, requestID: id, traceParent: trace,
                    data: RequestDecided(self, decision)))
        }
        if let geocoding {
            return try EventMessage(
                Event(
                    id: geocodedID, source: "/intake/geocode", time: geocoding.at, requestID: id, traceParent: trace,
                    data: RequestGeocoded(self, geocoding)))
        }
        return try NewRequest(id: id, provider: provider, submission: submission, acceptedAt: acceptedAt)
            .acceptedEvent(traceParent: trace)
    }

    // The ids that IngestService and the stages' loops derive, each from the one before.
    private var acceptedID: UUID { EventID.derive(from: id.uuid, stage: "ingest", type: .requestAccepted) }
    private var geocodedID: UUID { derive(from: acceptedID, .geocode, .requestGeocoded) }
    private var decidedID: UUID { derive(from: geocodedID, .decision, .requestDecided) }

    private func derive(from cause: UUID, _ stage: Stage, _ type: EventType) -> UUID {
        EventID.derive(from: cause, stage: stage.rawValue, type: type)
    }
}

extension RequestGeocoded {
    fileprivate init(_ request: StoredRequest, _ geocoding: Geocoding) {
        let submission = request.submission
        self.init(
            provider: request.provider.id, providerRequestID: submission.providerRequestID,
            organization: request.provider.organization, state: submission.address.state.uppercased(),
            zip: String(submission.address.zip.prefix(5)), countyFIPS: geocoding.countyFIPS, county: geocoding.county,
            location: geocoding.location, reason: geocoding.reason, conflict: geocoding.conflict,
            regionCode: submission.regionCode, acceptedAt: request.acceptedAt)
    }
}

extension RequestDecided {
    fileprivate init(_ request: StoredRequest, _ decision: Decision) {
        self.init(
            provider: request.provider.id, providerRequestID: request.submission.providerRequestID,
            organization: request.provider.organization, acceptance: decision.acceptance, reason: decision.reason,
            rule: decision.rule, coverageVersion: decision.coverageVersion,
            precision: request.geocoding?.location?.precision, acceptedAt: request.acceptedAt)
    }
}
