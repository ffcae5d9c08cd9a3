import Contracts
import GRDB

import struct Foundation.Date
import struct Foundation.UUID

extension SQLiteRequestStore {
    /// Each kind of fact writes its own columns, and only over an older fact of its kind: so any order and any number
    /// of repetitions end the same. What is older is told by counts where there are any, see `StageTrouble`; the times
    /// of other hosts decide between what is alike, so that all orders end the same, and nothing else: how long
    /// something has been waiting is counted by this host's clock alone, in `moved_at`.
    /// - Parameter now: by this host's clock.
    /// - Returns: whether there is such a request.
    static func apply(
        _ update: ProgressUpdate, to id: RequestID?, at now: Date, _ database: Database
    ) throws -> Bool {
        switch update {
        case .dead(let message): try bury(message, at: now, database)
        case .resolved(let stage, let messageID, let resolution):
            try resolve(stage, messageID, id, resolution, at: now, database)
        case .degraded(let data): try degrade(data, at: now, database)
        case .recovered(let data): try recover(data, at: now, database)
        case .geocoded, .reviewRequested, .decided, .delivered, .retrying, .noted: break
        }
        guard let id else { return false }
        switch update {
        case .geocoded(let geocoding): try apply(geocoding, to: id, at: now, database)
        case .reviewRequested(let review): try apply(review, to: id, at: now, database)
        case .decided(let decision): try apply(decision, to: id, at: now, database)
        case .delivered(let receipt): try apply(receipt, to: id, at: now, database)
        case .retrying(let stage, let messageID, let retry):
            try apply(retry, of: stage, messageID, to: id, at: now, database)
        case .dead(let message):
            try apply(message.death, of: message.stage, message.messageID, to: id, at: now, database)
            try note(TimelineEntry(message), of: id, database)
        case .resolved(let stage, let messageID, let resolution):
            try apply(resolution, of: stage, messageID, to: id, at: now, database)
            try note(TimelineEntry(resolution, of: stage, messageID: messageID), of: id, database)
        case .noted(let entry): try note(entry, of: id, database)
        case .degraded, .recovered: return false
        }
        // Nothing written: the request is unknown, or it has a newer fact of this kind.
        if database.changesCount > 0 { return true }
        let statement = try database.cachedStatement(sql: "SELECT 1 FROM request WHERE id = ?")
        return try Int.fetchOne(statement, arguments: [id.description]) != nil
    }

    /// Says that a request has moved, or will at that time.
    static func move(_ id: RequestID, at time: Int64, _ database: Database) throws {
        try database.cachedStatement(sql: "UPDATE request SET moved_at = max(moved_at, ?) WHERE id = ?")
            .execute(arguments: [time, id.description])
    }

    private static func apply(
        _ geocoding: Geocoding, to id: RequestID, at now: Date, _ database: Database
    ) throws {
        try database.cachedStatement(
            sql: """
                UPDATE request SET geocoded_at = ?1, latitude = ?2, longitude = ?3, precision = ?4, location_source = ?5,
                    no_location_reason = ?6, county_fips = ?7, county = ?8, has_conflict = ?9, conflict_kilometres = ?10,
                    conflict_state = ?11, confidence = ?12, uncertainty_kilometres = ?13, attribution = ?14,
                    geocoding_doubts = ?15, moved_at = max(moved_at, ?17)
                WHERE id = ?16 AND (geocoded_at IS NULL OR geocoded_at <= ?1)
                """
        ).execute(arguments: [
            geocoding.at.milliseconds, geocoding.location?.latitude, geocoding.location?.longitude,
            geocoding.location?.precision.rawValue, geocoding.location?.source, geocoding.reason?.rawValue,
            geocoding.countyFIPS, geocoding.county, geocoding.conflict != nil,
            geocoding.conflict?.distanceKilometres, geocoding.conflict?.zipState,
            geocoding.location?.confidence, geocoding.location?.uncertaintyKilometres, geocoding.location?.attribution,
            try GeocodingDoubts(geocoding)?.text(), id.description, now.milliseconds,
        ])
    }

    /// What a review has decided stays, see `Decision.weight`: the rules may be asked once more after it.
    static func apply(_ decision: Decision, to id: RequestID, at now: Date, _ database: Database) throws {
        try database.cachedStatement(
            sql: """
                UPDATE request SET decided_at = ?1, acceptance = ?2, decision_reason = ?3, decision_rule = ?4,
                    coverage_version = ?5, decision_precision = ?6, explanation = ?7, needed = ?8, capacity_note = ?9,
                    moved_at = max(moved_at, ?13)
                WHERE id = ?10 AND (decided_at IS NULL
                    OR (\(weight), iif(\(weight) = 0, decided_at, -decided_at)) <= (?11, ?12))
                """
        ).execute(arguments: [
            decision.at.milliseconds, decision.acceptance, decision.reason.rawValue, decision.rule,
            decision.coverageVersion, decision.precision?.rawValue, decision.explanation, decision.needed,
            decision.capacityNote, id.description, decision.weight,
            decision.weight == 0 ? decision.at.milliseconds : -decision.at.milliseconds, now.milliseconds,
        ])
    }

    /// `Decision.weight` of a row of `request` that is decided.
    private static let weight: String = {
        let cases = Decision.weights.map { "WHEN '\($0.key.rawValue)' THEN \($0.value)" }.sorted()
        return "CASE decision_reason \(cases.joined(separator: " ")) ELSE 0 END"
    }()

    /// The job is completed by the first thing that the partner takes: the answer, or a step that repeats it. What comes
    /// after it goes beside it.
    private static func apply(_ receipt: Receipt, to id: RequestID, at now: Date, _ database: Database) throws {
        try database.cachedStatement(
            sql: """
                UPDATE request SET told_at = ?1, told_acceptance = ?2, told_status = ?3, told_attempt = ?4,
                    told_sequence = ?5, told_duration = ?6, told_family = ?7,
                    moved_at = max(moved_at, ?9)
                WHERE id = ?8 AND (told_at IS NULL OR coalesce(told_sequence, 1) > ?5
                    OR (coalesce(told_sequence, 1) = ?5 AND (told_attempt, told_at) <= (?4, ?1)))
                """
        ).execute(arguments: [
            receipt.at.milliseconds, receipt.acceptance, receipt.httpStatus, receipt.attempt, receipt.sequence,
            receipt.durationMilliseconds, receipt.addressFamily?.rawValue, id.description, now.milliseconds,
        ])
        guard receipt.sequence > RequestDecided.sequence else { return }
        try database.cachedStatement(
            sql: """
                UPDATE request SET newest_told_sequence = ?1, newest_told_at = ?2, moved_at = max(moved_at, ?4)
                WHERE id = ?3 AND (newest_told_sequence IS NULL
                    OR (newest_told_sequence, newest_told_at) <= (?1, ?2))
                """
        ).execute(arguments: [
            receipt.sequence, receipt.at.milliseconds, id.description, now.milliseconds,
        ])
        try note(TimelineEntry(receipt), of: id, database)
    }

    /// The longest wait that is believed, milliseconds: a week. The longest tier of a retry queue is a day.
    private static let longestWait: Int64 = 7 * 86_400_000

    private static func apply(
        _ retry: StageTrouble.Retry, of stage: Stage, _ messageID: UUID?, to id: RequestID, at now: Date,
        _ database: Database
    ) throws {
        try database.cachedStatement(
            sql: """
                INSERT INTO stage_trouble (request_id, stage, message_id, retry_at, retry_attempt, retry_of,
                    retry_next_at, retry_code, retry_message, retry_replays)
                SELECT id, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10 FROM request WHERE id = ?1
                ON CONFLICT (request_id, stage, message_id) DO UPDATE SET retry_at = excluded.retry_at,
                    retry_attempt = excluded.retry_attempt, retry_of = excluded.retry_of,
                    retry_next_at = excluded.retry_next_at, retry_code = excluded.retry_code,
                    retry_message = excluded.retry_message, retry_replays = excluded.retry_replays
                WHERE retry_at IS NULL OR (retry_replays, retry_attempt, retry_at)
                    <= (excluded.retry_replays, excluded.retry_attempt, excluded.retry_at)
                """
        ).execute(arguments: [
            id.description, stage.rawValue, messageID?.canonical ?? "", retry.at.milliseconds, retry.attempt,
            retry.maxAttempts, retry.nextAttemptAt.milliseconds, retry.error.code, retry.error.message, retry.replays,
        ])
        // It waits as long as the stage said, from now on: both of the stage's times are by the same clock.
        let wait = min(max(0, retry.nextAttemptAt.milliseconds - retry.at.milliseconds), longestWait)
        try move(id, at: now.milliseconds + wait, database)
    }

    private static func apply(
        _ death: StageTrouble.Death, of stage: Stage, _ messageID: UUID, to id: RequestID, at now: Date,
        _ database: Database
    ) throws {
        try database.cachedStatement(
            sql: """
                INSERT INTO stage_trouble (request_id, stage, message_id, dead_at, dead_reason, dead_code, dead_message,
                    dead_sequence, dead_replays)
                SELECT id, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9 FROM request WHERE id = ?1
                ON CONFLICT (request_id, stage, message_id) DO UPDATE SET dead_at = excluded.dead_at,
                    dead_reason = excluded.dead_reason, dead_code = excluded.dead_code,
                    dead_message = excluded.dead_message, dead_sequence = excluded.dead_sequence,
                    dead_replays = excluded.dead_replays
                WHERE dead_at IS NULL OR (dead_replays, dead_at) <= (excluded.dead_replays, excluded.dead_at)
                """
        ).execute(arguments: [
            id.description, stage.rawValue, messageID.canonical, death.at.milliseconds, death.reason.rawValue,
            death.error.code, death.error.message, death.sequence, death.replays,
        ])
        try move(id, at: now.milliseconds, database)
    }

    /// Of two, the one about the later death stays. Of two about the same, a replay: then the stage has the message.
    private static func apply(
        _ resolution: DeathResolution, of stage: Stage, _ messageID: UUID, to id: RequestID, at now: Date,
        _ database: Database
    ) throws {
        try database.cachedStatement(
            sql: """
                INSERT INTO stage_trouble (request_id, stage, message_id, resolution, resolved_death_at, resolved_at,
                    resolved_by, why, resolved_replays)
                SELECT id, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9 FROM request WHERE id = ?1
                ON CONFLICT (request_id, stage, message_id) DO UPDATE SET resolution = excluded.resolution,
                    resolved_death_at = excluded.resolved_death_at, resolved_at = excluded.resolved_at,
                    resolved_by = excluded.resolved_by, why = excluded.why, resolved_replays = excluded.resolved_replays
                WHERE \(isOlderResolution)
                """
        ).execute(arguments: [
            id.description, stage.rawValue, messageID.canonical, resolution.kind.rawValue,
            resolution.deathAt.milliseconds, resolution.at.milliseconds, resolution.by, resolution.why,
            resolution.replays,
        ])
        try move(id, at: now.milliseconds, database)
    }

    /// Whether the columns of a resolution give way to `excluded`.
    static let isOlderResolution: String = {
        func rank(_ table: String) -> String {
            """
            (coalesce(\(table)resolved_replays, 0), \(table)resolved_death_at, \
            \(table)resolution = '\(DeathResolution.Kind.replayed.rawValue)', \(table)resolved_at)
            """
        }
        return "resolved_at IS NULL OR \(rank("")) <= \(rank("excluded."))"
    }()
}
