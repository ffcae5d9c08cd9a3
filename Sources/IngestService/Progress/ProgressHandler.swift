import Contracts
import Logging
import ServiceRuntime

import struct Foundation.UUID

/// The stage `progress`: records what the other services say, so that a job shows how far its request has come.
///
/// Many messages are handled at once, and their writes are committed together.
struct ProgressHandler: StageHandler {
    var store: any RequestStore
    var metrics: IngestMetrics
    /// Woken by what is recorded.
    var waiters = JobWaiters(limit: 0)
    /// Learns from what is recorded.
    var pace: RecentPace?
    /// Told when a person has got something to decide. Must not wait.
    var reviewRequested: @Sendable () -> Void = {}

    func handle(_ fact: ProgressFact, context: StageContext) async throws(StageFailure) -> [any EventData] {
        switch fact {
        case .geocoded(let event):
            try await record(.geocoded(Geocoding(event.data, at: event.time)), event.requestID, context)
        case .reviewRequested(let event):
            let review = Review(event.data, at: event.time, receivedAt: Timestamp.truncate(context.now))
            try await record(.reviewRequested(review), event.requestID, context)
            reviewRequested()
        case .decided(let event):
            let decision = Decision(event.data, at: event.time)
            try await record(.decided(decision), event.requestID, context)
            if decision.weight > 0 { pace?.leaveOut(event.requestID) }
        case .delivered(let event):
            try await record(.delivered(Receipt(event.data)), event.requestID, context)
            if event.data.sequence == RequestDecided.sequence {
                // By the clock that the request's acceptance was told by.
                pace?.told(event.requestID, at: context.now)
            }
        case .attempted(let event):
            try await record(.noted(TimelineEntry(event.data, id: event.id)), event.requestID, context)
        case .superseded(let event):
            try await record(.noted(TimelineEntry(event.data, id: event.id)), event.requestID, context)
        case .degraded(let event):
            try await record(.degraded(event.data), nil, context)
        case .recovered(let event):
            try await record(.recovered(event.data), nil, context)
        case .retrying(let event):
            let retry = StageTrouble.Retry(event.data, at: event.time)
            try await record(
                .retrying(event.data.stage, messageID: event.data.messageID, retry), event.requestID, context)
        case .replayed(let event):
            try await record(
                DeathResolution(event.data), event.data.stage, event.data.messageID, event.requestID, context)
        case .discarded(let event):
            try await record(
                DeathResolution(event.data), event.data.stage, event.data.messageID, event.requestID, context)
        case .dead(let letter):
            try await record(letter, context)
        case .unknown:
            context.logger.debug("An event of an unknown type was ignored.")
        }
        return []
    }

    private func record(_ letter: DeadLetter, _ context: StageContext) async throws(StageFailure) {
        if letter.stage == nil || letter.requestID == nil {
            metrics.strayDeadLetter()
            context.logger.warning(
                "A dead letter names no request.",
                metadata: ["stage": "\(letter.stage?.rawValue ?? "")", "error": "\(letter.error.code)"])
        }
        guard let message = letter.message(seenAt: context.now) else { return }
        try await record(.dead(message), letter.requestID, context)
    }

    private func record(
        _ resolution: DeathResolution, _ stage: Stage, _ messageID: UUID, _ subject: RequestID, _ context: StageContext
    ) async throws(StageFailure) {
        // A letter that names no request is its own subject.
        let id = subject.uuid == messageID ? nil : subject
        try await record(.resolved(stage, messageID: messageID, resolution), id, context)
    }

    private func record(
        _ update: ProgressUpdate, _ id: RequestID?, _ context: StageContext
    ) async throws(StageFailure) {
        let isKnown: Bool
        do {
            isKnown = try await store.apply(update, to: id, isPatient: !context.isAlone)
        } catch {
            throw error.code == .unavailable
                ? .outage(error.code.rawValue, error.detail) : .transient(error.code.rawValue, error.detail)
        }
        // The commit is done: whoever waits for the job reads the new state.
        if let id { waiters.wake(id) } else { waiters.wakeAll() }
        if !isKnown, let id {
            metrics.unknownRequest()
            context.logger.notice("A fact about an unknown request was ignored.", metadata: ["request_id": "\(id)"])
        }
    }
}
