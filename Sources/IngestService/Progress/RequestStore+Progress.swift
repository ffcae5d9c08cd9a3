import Contracts
import Foundation

extension RequestStore {
    /// Records facts about requests. Facts may come in any order and any number of times; of two of the same kind the
    /// one that happened later stays. Those of one request that nearly every request has are recorded as one.
    /// - Parameter isPatient: whether they may wait a moment to be committed with others.
    /// - Returns: what came of each fact.
    func apply(_ records: [ProgressRecord], isPatient: Bool) async throws(StoreError) -> [FactEffect] {
        let now = now()
        var effects = records.map { _ in FactEffect.ofUnknown }
        let (gathered, others) = GatheredFacts.gather(records)
        var rest = others
        if !gathered.isEmpty {
            let areWritten = try await write(isPatient: isPatient, looksOnly: true) { transaction in
                try gathered.map { try transaction.send($0, at: now) }
            } _: { transaction, sent in
                try sent.map { try transaction.answer($0).count > 0 }
            }
            for (facts, isWritten) in zip(gathered, areWritten) {
                if isWritten { for place in facts.places { effects[place] = .written } } else { rest += facts.places }
            }
        }
        guard !rest.isEmpty else { return effects }
        // One by one: some of them are older than what is there, or of a request that is not known, or say what only a
        // few requests have.
        rest.sort()
        let left = rest.map { records[$0] }
        let found = try await write(isPatient: isPatient) { transaction in
            try left.map { try transaction.send($0.update, to: $0.id, at: now) }
        } _: { transaction, sent in
            try left.enumerated().map { place, record in
                try transaction.apply(record.update, to: record.id, sent[place], at: now)
            }
        }
        for (place, effect) in zip(rest, found) { effects[place] = effect }
        return effects
    }
}

/// What came of a fact.
enum FactEffect: Sendable, Equatable {
    case written
    /// It was there before, or something newer of its kind, or it stands beside the first of its kind.
    case known
    /// There is no such request, or it is about none.
    case ofUnknown
}

/// Each kind of fact writes its own columns, and only over an older fact of its kind: so any order and any number
/// of repetitions end the same. What is older is told by counts where there are any, see `StageFailureRecord`; the
/// times of other hosts decide between what is alike, so that all orders end the same, and nothing else: how long
/// something has been waiting is counted by this host's clock alone, in `moved_at`.
extension StoreTransaction {
    /// Sends the statement of a fact that is one, of those that nearly every request has.
    fileprivate func send(_ update: ProgressUpdate, to id: RequestID?, at now: Date) throws -> StoreSent? {
        guard let id, let facts = GatheredFacts(update, of: id) else { return nil }
        return try send(facts, at: now)
    }

    /// What a review has decided stays, see `Decision.weight`: the rules may be asked once more after it.
    func send(_ decision: Recorded<Decision>, of id: RequestID, at now: Date) throws {
        _ = try send(GatheredFacts(id: id, decision: decision), at: now)
    }

    /// - Parameters:
    ///   - sent: what `send` began with.
    ///   - now: by this host's clock.
    fileprivate func apply(
        _ update: ProgressUpdate, to id: RequestID?, _ sent: StoreSent?, at now: Date
    ) throws -> FactEffect {
        switch update {
        case .dead(let message): try recordDeadLetter(message, at: now)
        case .resolved(let stage, let messageID, let resolution):
            try resolve(stage, messageID, id, resolution, at: now)
        case .degraded(let data): try record(data, at: now)
        case .recovered(let data): try record(data, at: now)
        case .geocoded, .reviewRequested, .decided, .delivered, .retrying, .noted: break
        }
        guard let id else { return .ofUnknown }
        let isWritten: Bool
        switch update {
        case .geocoded: isWritten = try isWrittenAsSent(sent)
        case .reviewRequested(let review): isWritten = try record(review, of: id, at: now)
        case .decided: isWritten = try isWrittenAsSent(sent)
        case .delivered(let receipt): isWritten = try record(receipt, of: id, try isWrittenAsSent(sent), at: now)
        case .retrying(let stage, let messageID, let retry):
            isWritten = try record(retry, of: stage, messageID, to: id, at: now)
        case .dead(let message):
            try record(message.deadLettering, of: message.stage, message.messageID, to: id, at: now)
            isWritten = try note(TimelineEntry(message), of: id)
        case .resolved(let stage, let messageID, let resolution):
            try record(resolution, of: stage, messageID, to: id, at: now)
            isWritten = try note(TimelineEntry(resolution, of: stage, messageID: messageID), of: id)
        case .noted(let entry): isWritten = try note(entry, of: id)
        case .degraded, .recovered: return .ofUnknown
        }
        // Nothing written: the request is unknown, or it has a newer fact of this kind.
        if isWritten { return .written }
        let known: Int? = try value("SELECT 1 FROM request WHERE id = ?", [id])
        return known == nil ? .ofUnknown : .known
    }

    private func isWrittenAsSent(_ sent: StoreSent?) throws -> Bool {
        try sent.map { try answer($0).count > 0 } ?? false
    }

    private func record(_ receipt: Receipt, of id: RequestID, _ isWritten: Bool, at now: Date) throws -> Bool {
        guard receipt.sequence > RequestDecided.sequence else {
            if !isWritten { try recordAgain(receipt, of: id, at: now) }
            return isWritten
        }
        try execute(
            """
            UPDATE request SET newest_told_sequence = ?1, newest_told_at = ?2,
                moved_at = CASE WHEN moved_at < ?4 THEN ?4 ELSE moved_at END
            WHERE id = ?3 AND (newest_told_sequence IS NULL OR (newest_told_sequence, newest_told_at) <= (?1, ?2))
            """, [receipt.sequence, receipt.deliveredAt, id, now])
        return try note(TimelineEntry(receipt), of: id)
    }

    /// The answer was told more than once, because somebody had it sent again: its first receipt is the request's, the
    /// others stand beside it.
    private func recordAgain(_ receipt: Receipt, of id: RequestID, at now: Date) throws {
        guard let first = try request(id)?.receipt, first != receipt else { return }
        guard (receipt.deliveredAt, receipt.attempt) < (first.deliveredAt, first.attempt) else {
            return _ = try note(TimelineEntry(receipt), of: id)
        }
        try execute("UPDATE request SET told_at = NULL WHERE id = ?", [id])
        if let sent = try send(.delivered(receipt), to: id, at: now) { _ = try answer(sent) }
        _ = try note(TimelineEntry(first), of: id)
    }

    /// The longest wait that is believed, milliseconds: a week. The longest tier of a retry queue is a day.
    private static let longestWait: Int64 = 7 * 86_400_000

    private func record(
        _ retry: StageFailureRecord.Retry, of stage: Stage, _ messageID: UUID?, to id: RequestID, at now: Date
    ) throws -> Bool {
        let isWritten =
            try changes(
                """
                INSERT INTO stage_trouble (request_id, stage, message_id, retry_at, retry_attempt, retry_of,
                    retry_next_at, retry_code, retry_message, retry_replays)
                SELECT id, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10 FROM request WHERE id = ?1
                ON CONFLICT (request_id, stage, message_id) DO UPDATE SET retry_at = excluded.retry_at,
                    retry_attempt = excluded.retry_attempt, retry_of = excluded.retry_of,
                    retry_next_at = excluded.retry_next_at, retry_code = excluded.retry_code,
                    retry_message = excluded.retry_message, retry_replays = excluded.retry_replays
                WHERE stage_trouble.retry_at IS NULL
                    OR (stage_trouble.retry_replays, stage_trouble.retry_attempt, stage_trouble.retry_at)
                        <= (excluded.retry_replays, excluded.retry_attempt, excluded.retry_at)
                """,
                [
                    id, stage, messageID?.canonical ?? "", retry.at, retry.attempt, retry.maxAttempts,
                    retry.nextAttemptAt, retry.error.code, retry.error.message, retry.replays,
                ]) > 0
        // It waits as long as the stage said, from now on: both of the stage's times are by the same clock.
        let wait = min(max(0, retry.nextAttemptAt.milliseconds - retry.at.milliseconds), Self.longestWait)
        try move(id, at: now.milliseconds + wait)
        return isWritten
    }

    private func record(
        _ deadLettering: StageFailureRecord.DeadLettering, of stage: Stage, _ messageID: UUID, to id: RequestID,
        at now: Date
    ) throws {
        try execute(
            """
            INSERT INTO stage_trouble (request_id, stage, message_id, dead_at, dead_reason, dead_code, dead_message,
                dead_sequence, dead_replays)
            SELECT id, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9 FROM request WHERE id = ?1
            ON CONFLICT (request_id, stage, message_id) DO UPDATE SET dead_at = excluded.dead_at,
                dead_reason = excluded.dead_reason, dead_code = excluded.dead_code,
                dead_message = excluded.dead_message, dead_sequence = excluded.dead_sequence,
                dead_replays = excluded.dead_replays
            WHERE stage_trouble.dead_at IS NULL
                OR (stage_trouble.dead_replays, stage_trouble.dead_at) <= (excluded.dead_replays, excluded.dead_at)
            """,
            [
                id, stage, messageID, deadLettering.at, deadLettering.reason, deadLettering.error.code,
                deadLettering.error.message, deadLettering.sequence,
                deadLettering.replays,
            ])
        try move(id, at: now.milliseconds)
    }

    /// Of two, the one about the later dead-lettering stays. Of two about the same, a replay: then the stage has the
    /// message.
    private func record(
        _ resolution: DeadLetterResolution, of stage: Stage, _ messageID: UUID, to id: RequestID, at now: Date
    ) throws {
        try execute(
            """
            INSERT INTO stage_trouble (request_id, stage, message_id, resolution, resolved_death_at, resolved_at,
                resolved_by, why, resolved_replays)
            SELECT id, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9 FROM request WHERE id = ?1
            ON CONFLICT (request_id, stage, message_id) DO UPDATE SET resolution = excluded.resolution,
                resolved_death_at = excluded.resolved_death_at, resolved_at = excluded.resolved_at,
                resolved_by = excluded.resolved_by, why = excluded.why, resolved_replays = excluded.resolved_replays
            WHERE \(Self.isOlderResolution("stage_trouble"))
            """,
            [
                id, stage, messageID, resolution.kind, resolution.deadLetteredAt, resolution.at, resolution.by,
                resolution.why,
                resolution.replays,
            ])
        try move(id, at: now.milliseconds)
    }

    /// Whether the columns of a resolution in a row of `table` give way to `excluded`.
    static func isOlderResolution(_ table: String) -> String {
        func rank(_ table: String) -> String {
            """
            (coalesce(\(table).resolved_replays, 0), \(table).resolved_death_at, \
            CASE \(table).resolution WHEN '\(DeadLetterResolution.Kind.replayed.rawValue)' THEN 1 ELSE 0 END, \
            \(table).resolved_at)
            """
        }
        return "\(table).resolved_at IS NULL OR \(rank(table)) <= \(rank("excluded"))"
    }
}

// MARK: Facts as columns

extension OrganizationProgress {
    init(_ row: StoreRow) throws(StoreError) {
        let status: OrganizationStatus? = try row["status"]
        self.init(status: status ?? .new, sequence: try row["sequence"], changedAt: try row["status_changed_at"])
    }
}

extension LastNotified {
    init?(_ row: StoreRow) throws(StoreError) {
        guard let sequence: Int = try row["newest_told_sequence"], let at: Date = try row["newest_told_at"] else {
            return nil
        }
        self.init(sequence: sequence, at: at)
    }
}

extension StageFailureRecord {
    /// `nil` for a stage that this version does not know.
    init?(_ row: StoreRow) throws(StoreError) {
        guard let stage = Stage(rawValue: try row["stage"]) else { return nil }
        self.init(
            stage: stage, messageID: UUID(canonical: try row["message_id"]), retry: try Retry(row),
            deadLettering: try DeadLettering(row), resolution: try DeadLetterResolution(row))
    }
}

extension StageFailureRecord.Retry {
    fileprivate init?(_ row: StoreRow) throws(StoreError) {
        guard let at: Date = try row["retry_at"] else { return nil }
        self.init(
            at: at, attempt: try row["retry_attempt"], maxAttempts: try row["retry_of"],
            nextAttemptAt: try row["retry_next_at"],
            error: StageError(code: try row["retry_code"], message: try row["retry_message"]),
            replays: try row["retry_replays"])
    }
}

extension StageFailureRecord.DeadLettering {
    fileprivate init?(_ row: StoreRow) throws(StoreError) {
        guard let at: Date = try row["dead_at"] else { return nil }
        self.init(
            at: at, reason: try row["dead_reason"],
            error: StageError(code: try row["dead_code"], message: try row["dead_message"]),
            sequence: try row["dead_sequence"], replays: try row["dead_replays"])
    }
}

extension DeadLetterResolution {
    init?(_ row: StoreRow) throws(StoreError) {
        guard let kind: Kind = try row["resolution"] else { return nil }
        self.init(
            kind: kind, deadLetteredAt: try row["resolved_death_at"], at: try row["resolved_at"],
            by: try row["resolved_by"], why: try row["why"], replays: try row["resolved_replays"])
    }
}

extension DeadLetterResolution.Kind: StoreConvertible {}
extension OrganizationStatus: StoreConvertible {}
