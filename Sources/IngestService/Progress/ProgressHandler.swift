import Contracts
import Logging
import ServiceRuntime

import struct Foundation.Date
import struct Foundation.UUID

/// The stage `progress`: records what the other services say, so that a job shows how far its request has come.
///
/// What came together is committed together.
struct ProgressHandler: StageHandler {
    var store: RequestStore
    var metrics: IngestMetrics
    /// Woken by what is recorded.
    var waiters = JobWaiters(limit: 0)
    /// Learns from what is recorded.
    var pace: RecentPace?
    /// Told when a person has got something to decide. Must not wait.
    var reviewRequested: @Sendable () -> Void = {}

    /// How long facts wait for each other: those of one request are then one change of its row. The callback waits for
    /// none of them; whoever looks at a job sees it so much later.
    static let patience = Duration.milliseconds(50)

    var handlesTogether: Bool { true }

    func handle(_ fact: ProgressFact, context: StageContext) async throws(StageFailure) -> [any EventData] {
        try await record([StageTask(input: fact, context: context)], isPatient: false)
        return []
    }

    /// One transaction for all. When it fails because of one of them, each is recorded by itself.
    func handle(_ batch: [StageTask<ProgressFact>]) async -> [StageResult] {
        do throws(StageFailure) {
            // What has come back before is alone, and what follows waits for it.
            try await record(batch, isPatient: !batch.contains { $0.context.isAlone })
            return batch.map { _ in .success([]) }
        } catch {
            if batch.count == 1 { return [.failure(error)] }
            if case .outage = error.kind { return batch.map { _ in .failure(error) } }
        }
        return await handleOneByOne(batch)
    }

    /// - Parameter isPatient: whether it may wait a moment to be committed with others.
    private func record(_ batch: [StageTask<ProgressFact>], isPatient: Bool) async throws(StageFailure) {
        let tasks = batch.compactMap { task in record(of: task).map { (task: task, record: $0) } }
        guard !tasks.isEmpty else { return }
        let effects: [FactEffect]
        do {
            effects = try await store.apply(tasks.map(\.record), isPatient: isPatient)
        } catch {
            throw error.code == .unavailable
                ? .outage(error.code.rawValue, error.detail) : .transient(error.code.rawValue, error.detail)
        }
        // The commit is done: whoever waits for a job reads the new state.
        for ((task, record), effect) in zip(tasks, effects) {
            if let id = record.id { waiters.wake(id) } else { waiters.wakeAll() }
            learn(from: task.input, isNew: effect == .written, at: task.context.now)
            guard effect == .ofUnknown, let id = record.id else { continue }
            metrics.unknownRequest()
            task.context.logger.notice(
                "A fact about an unknown request was ignored.", metadata: ["request_id": "\(id)"])
        }
    }

    /// - Returns: `nil` when there is nothing to record.
    private func record(of task: StageTask<ProgressFact>) -> ProgressRecord? {
        switch task.input {
        case .geocoded(let event):
            ProgressRecord(update: .geocoded(Recorded(event.data.geocoding, at: event.time)), id: event.requestID)
        case .reviewRequested(let event):
            ProgressRecord(
                update: .reviewRequested(
                    event.data.question.received(askedAt: event.time, now: Timestamp.truncate(task.context.now))),
                id: event.requestID)
        case .decided(let event):
            ProgressRecord(update: .decided(Recorded(event.data.decision, at: event.time)), id: event.requestID)
        case .delivered(let event):
            ProgressRecord(update: .delivered(event.data.receipt), id: event.requestID)
        case .attempted(let event):
            ProgressRecord(update: .noted(TimelineEntry(event.data, id: event.id)), id: event.requestID)
        case .superseded(let event):
            ProgressRecord(update: .noted(TimelineEntry(event.data, id: event.id)), id: event.requestID)
        case .degraded(let event): ProgressRecord(update: .degraded(event.data))
        case .recovered(let event): ProgressRecord(update: .recovered(event.data))
        case .retrying(let event):
            ProgressRecord(
                update: .retrying(
                    event.data.stage, messageID: event.data.messageID,
                    StageFailureRecord.Retry(event.data, at: event.time)),
                id: event.requestID)
        case .replayed(let event):
            record(of: DeadLetterResolution(event.data), event.data.stage, event.data.messageID, event.requestID)
        case .discarded(let event):
            record(of: DeadLetterResolution(event.data), event.data.stage, event.data.messageID, event.requestID)
        case .dead(let letter): record(of: letter, task.context)
        case .unknown: nil
        }
    }

    private func record(of letter: DeadLetter, _ context: StageContext) -> ProgressRecord? {
        if letter.stage == nil || letter.requestID == nil {
            metrics.strayDeadLetter()
            context.logger.warning(
                "A dead letter names no request.",
                metadata: ["stage": "\(letter.stage?.rawValue ?? "")", "error": "\(letter.error.code)"])
        }
        return letter.message(seenAt: context.now).map { ProgressRecord(update: .dead($0), id: letter.requestID) }
    }

    private func record(
        of resolution: DeadLetterResolution, _ stage: Stage, _ messageID: UUID, _ subject: RequestID
    ) -> ProgressRecord {
        // A letter that names no request is its own subject.
        ProgressRecord(
            update: .resolved(stage, messageID: messageID, resolution),
            id: subject.uuid == messageID ? nil : subject)
    }

    /// - Parameter now: by the clock that the requests' acceptance was told by; up to `patience` after the fact came.
    private func learn(from fact: ProgressFact, isNew: Bool, at now: Date) {
        switch fact {
        case .reviewRequested: reviewRequested()
        case .decided(let event):
            if event.data.decision.weight > 0 { pace?.leaveOut(event.requestID) }
        case .delivered(let event):
            // One that was sent again says nothing of how long requests take.
            guard isNew, event.data.receipt.sequence == RequestDecided.sequence else { return }
            pace?.told(event.requestID, at: now)
        case .geocoded, .attempted, .superseded, .degraded, .recovered, .retrying, .replayed, .discarded, .dead,
            .unknown:
            break
        }
    }
}
