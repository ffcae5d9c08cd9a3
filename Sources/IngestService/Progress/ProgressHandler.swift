import Contracts
import Logging
import ServiceRuntime

/// The stage `progress`: records what the other services say, so that a job shows how far its request has come.
///
/// Many messages are handled at once, and their writes are committed together.
struct ProgressHandler: StageHandler {
    var store: any RequestStore
    var metrics: IngestMetrics

    func handle(_ fact: ProgressFact, context: StageContext) async throws(StageFailure) -> [any EventData] {
        switch fact {
        case .geocoded(let event):
            try await record(.geocoded(Geocoding(event.data, at: event.time)), event.requestID, context)
        case .decided(let event):
            try await record(.decided(Decision(event.data, at: event.time)), event.requestID, context)
        case .delivered(let event):
            try await record(.delivered(Receipt(event.data)), event.requestID, context)
        case .retrying(let event):
            let retry = StageTrouble.Retry(event.data, at: event.time)
            try await record(.retrying(event.data.stage, retry), event.requestID, context)
        case .dead(let letter):
            try await record(letter, context)
        case .unknown:
            context.logger.debug("An event of an unknown type was ignored.")
        }
        return []
    }

    private func record(_ letter: DeadLetter, _ context: StageContext) async throws(StageFailure) {
        guard let stage = letter.stage, let id = letter.requestID else {
            metrics.strayDeadLetter()
            context.logger.warning(
                "A dead letter names no request.",
                metadata: ["stage": "\(letter.stage?.rawValue ?? "")", "error": "\(letter.error.code)"])
            return
        }
        let death = StageTrouble.Death(at: letter.failedAt ?? context.now, reason: letter.reason, error: letter.error)
        try await record(.dead(stage, death), id, context)
    }

    private func record(
        _ update: ProgressUpdate, _ id: RequestID, _ context: StageContext
    ) async throws(StageFailure) {
        let isKnown: Bool
        do {
            isKnown = try await store.apply(update, to: id)
        } catch {
            throw error.code == .unavailable
                ? .outage(error.code.rawValue, error.detail) : .transient(error.code.rawValue, error.detail)
        }
        if !isKnown {
            metrics.unknownRequest()
            context.logger.notice("A fact about an unknown request was ignored.", metadata: ["request_id": "\(id)"])
        }
    }
}
