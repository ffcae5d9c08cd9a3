import AdminAPI
import Contracts
import Foundation

/// A dead letter as the store has it.
struct StoredDeadLetter: Sendable, Equatable {
    var message: DeadLetterRecord
    /// What an operator has done about it; `nil` as long as it waits for one.
    var resolution: DeadLetterResolution?
    /// Whether the partner has been told about its request, all the same.
    var isTold: Bool
}

/// Which dead letters are asked for; `nil` for any.
struct DeadLetterFilter: Sendable, Equatable {
    var stage: Stage?
    var reason: String?
    var diedBefore: Date?
    /// Whether those that an operator has replayed or discarded belong to it.
    var includesResolved = false
    /// Only about requests of this one.
    var provider: String?

    init(
        stage: Stage? = nil, reason: String? = nil, diedBefore: Date? = nil, includesResolved: Bool = false,
        provider: String? = nil
    ) {
        self.stage = stage
        self.reason = reason
        self.diedBefore = diedBefore
        self.includesResolved = includesResolved
        self.provider = provider
    }
}

extension RequestStore {
    /// How many letters of one message or request are shown, with their bodies.
    static let mostShown = 20

    /// All but headers and body: a list may be as long as a page, and what is in the letters is somebody else's.
    private static let columns = """
        stage, message_id, dead_letter.request_id, died_at, reason, code, message, attempts, first_failed_at, host,
        version, replays, body_bytes, body_sha256, resolution, resolved_death_at, resolved_at, resolved_by,
        resolved_replays, why
        """

    /// What stages gave up, those that died first at the top.
    /// - Parameters:
    ///   - after: only what comes behind this one.
    ///   - limit: how many at most.
    func deadLetters(
        _ filter: DeadLetterFilter, after: DeadLetterCursor?, limit: Int
    ) async throws(StoreError) -> [StoredDeadLetter] {
        try await read { transaction in
            let (condition, values) = Self.condition(filter, after)
            return try transaction.rows(
                """
                SELECT \(Self.columns), request.told_at FROM dead_letter
                LEFT JOIN request ON request.id = dead_letter.request_id
                WHERE \(condition) ORDER BY died_at, stage, message_id LIMIT ?
                """, values + [limit], StoredDeadLetter.init)
        }
    }

    /// How many there are of each stage and reason, and perhaps of each provider.
    func deadLetterGroups(
        _ filter: DeadLetterFilter, byProvider: Bool = false
    ) async throws(StoreError) -> [DeadLetterGroup] {
        try await read { transaction in
            let (condition, values) = Self.condition(filter, nil)
            return try transaction.rows(
                """
                SELECT stage, reason, \(byProvider ? "request.provider" : "NULL") AS sender, count(*) AS count,
                    min(died_at) AS oldest
                FROM dead_letter LEFT JOIN request ON request.id = dead_letter.request_id
                WHERE \(condition)
                GROUP BY stage, reason\(byProvider ? ", request.provider" : "") ORDER BY stage, reason, sender
                """, values
            ) { row -> DeadLetterGroup? in
                guard let stage = Stage(rawValue: try row["stage"]) else { return nil }
                return DeadLetterGroup(
                    stage: stage, reason: try row["reason"], provider: try row["sender"], count: try row["count"],
                    oldest: try row["oldest"])
            }.compactMap { $0 }
        }
    }

    /// The messages of those that died first.
    func deadLetterIDs(_ filter: DeadLetterFilter, limit: Int) async throws(StoreError) -> [UUID] {
        try await read { transaction in
            let (condition, values) = Self.condition(filter, nil)
            return try transaction.rows(
                """
                SELECT message_id FROM dead_letter LEFT JOIN request ON request.id = dead_letter.request_id
                WHERE \(condition) ORDER BY died_at, stage, message_id LIMIT ?
                """, values + [limit]
            ) { try $0["message_id"] }
        }
    }

    /// The newest dead letters with this id, or about the request with this id, with headers and body.
    func deadLetters(_ id: UUID) async throws(StoreError) -> [StoredDeadLetter] {
        try await read { transaction in
            try transaction.rows(
                """
                SELECT \(Self.columns), headers, body, request.told_at FROM dead_letter
                LEFT JOIN request ON request.id = dead_letter.request_id
                WHERE (message_id = ?1 OR request_id = ?1) AND died_at IS NOT NULL
                ORDER BY died_at DESC, stage DESC LIMIT ?2
                """, [id, Self.mostShown], StoredDeadLetter.init
            ).reversed()
        }
    }

    /// Removes dead letters that name no request, or none that is here: nothing else would ever take them away. Those
    /// that wait for an operator are kept longer; the message itself is in its dead queue, and can be settled from
    /// there.
    /// - Parameters:
    ///   - recordedBefore: those that wait for an operator.
    ///   - resolvedBefore: those that an operator has replayed or discarded.
    /// - Returns: how many.
    func removeStrayDeadLetters(
        recordedBefore cutoff: Date, resolvedBefore resolved: Date, limit: Int
    ) async throws(StoreError) -> Int {
        try await write { transaction in
            let keys = try transaction.rows(
                """
                SELECT stage, message_id FROM \(transaction.dialect.along("dead_letter_stray", of: "dead_letter"))
                WHERE is_stray = 1 AND recorded_at < ?1
                    AND (recorded_at < ?2 OR (recorded_at < ?3 AND (died_at IS NULL OR NOT \(Self.isUnresolved))))
                LIMIT ?4
                """, [max(cutoff, resolved), cutoff, resolved, limit]
            ) { row -> StoreValues in [try row["stage"] as String, try row["message_id"] as String] }
            for key in keys {
                // Made empty first: a page that loses rows is merged with its neighbours, which leaves copies behind.
                try transaction.execute(
                    "UPDATE dead_letter SET headers = ?, body = ? WHERE stage = ? AND message_id = ?",
                    [Array("{}".utf8), [UInt8]()] + key)
                try transaction.execute("DELETE FROM dead_letter WHERE stage = ? AND message_id = ?", key)
            }
            return keys.count
        }
    }

    /// Whether a row of `dead_letter` with a dead-lettering waits for an operator.
    private static let isUnresolved = """
        (resolution IS NULL OR NOT CASE WHEN resolved_replays IS NULL THEN resolved_death_at >= died_at
            ELSE resolved_replays >= replays END)
        """

    /// What a filter means in SQL.
    private static func condition(
        _ filter: DeadLetterFilter, _ after: DeadLetterCursor?
    ) -> (sql: String, values: StoreValues) {
        var conditions = ["died_at IS NOT NULL"]
        var values: StoreValues = []
        if !filter.includesResolved { conditions.append(isUnresolved) }
        if let stage = filter.stage {
            conditions.append("stage = ?")
            values.append(stage)
        }
        if let reason = filter.reason {
            conditions.append("reason = ?")
            values.append(reason)
        }
        if let diedBefore = filter.diedBefore {
            conditions.append("died_at < ?")
            values.append(diedBefore)
        }
        if let provider = filter.provider {
            conditions.append("request.provider = ?")
            values.append(provider)
        }
        if let after {
            conditions.append("(died_at, stage, message_id) > (?, ?, ?)")
            values = values + [after.diedAt, after.stage, after.messageID]
        }
        return (conditions.joined(separator: " AND "), values)
    }
}

extension StoreTransaction {
    /// Keeps a dead letter. The newest dead-lettering stays; what an operator has done is kept beside it. A request
    /// whose job was forgotten, or whose personal data was erased, gets no copy of a message any more.
    func recordDeadLetter(_ message: DeadLetterRecord, at now: Date) throws {
        if let id = message.requestID { try lock(id) }
        let isSettled: Bool? = try message.requestID.flatMap {
            try value(
                """
                SELECT CASE WHEN expired_at IS NOT NULL OR erased_at IS NOT NULL THEN 1 ELSE 0 END
                FROM request WHERE id = ?
                """, [$0])
        }
        var message = message
        if isSettled == true { message.keep([:], []) }
        let deadLettering = message.deadLettering
        try execute(
            """
            INSERT INTO dead_letter (stage, message_id, request_id, died_at, reason, code, message, attempts,
                first_failed_at, host, version, headers, body, replays, body_bytes, body_sha256, recorded_at,
                is_stray)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            ON CONFLICT (stage, message_id) DO UPDATE SET request_id = excluded.request_id,
                died_at = excluded.died_at, reason = excluded.reason, code = excluded.code,
                message = excluded.message, attempts = excluded.attempts,
                first_failed_at = excluded.first_failed_at, host = excluded.host, version = excluded.version,
                headers = excluded.headers, body = excluded.body, replays = excluded.replays,
                body_bytes = excluded.body_bytes, body_sha256 = excluded.body_sha256,
                recorded_at = excluded.recorded_at, is_stray = excluded.is_stray
            WHERE dead_letter.died_at IS NULL
                OR (dead_letter.replays, dead_letter.died_at) <= (excluded.replays, excluded.died_at)
            """,
            [
                message.stage, message.messageID, message.requestID, deadLettering.at, deadLettering.reason,
                deadLettering.error.code,
                deadLettering.error.message, message.attempts, message.firstFailedAt, message.host, message.version,
                message.headers, message.body, deadLettering.replays, message.bodyBytes, message.bodySHA256, now,
                isSettled == nil,
            ])
    }

    /// What an operator has done about a dead letter, see `isOlderResolution`.
    func resolve(
        _ stage: Stage, _ messageID: UUID, _ id: RequestID?, _ resolution: DeadLetterResolution, at now: Date
    ) throws {
        try execute(
            """
            INSERT INTO dead_letter (stage, message_id, request_id, resolution, resolved_death_at, resolved_at,
                resolved_by, why, resolved_replays, recorded_at, is_stray)
            SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10,
                CASE WHEN EXISTS (SELECT 1 FROM request WHERE id = ?3) THEN 0 ELSE 1 END
            WHERE true
            ON CONFLICT (stage, message_id) DO UPDATE SET resolution = excluded.resolution,
                resolved_death_at = excluded.resolved_death_at, resolved_at = excluded.resolved_at,
                resolved_by = excluded.resolved_by, why = excluded.why,
                resolved_replays = excluded.resolved_replays, recorded_at = excluded.recorded_at
            WHERE \(Self.isOlderResolution("dead_letter"))
            """,
            [
                stage, messageID, id, resolution.kind, resolution.deadLetteredAt, resolution.at, resolution.by,
                resolution.why,
                resolution.replays, now,
            ])
    }
}

extension StoredDeadLetter {
    /// A row that has a dead-lettering, joined with `told_at` of its request; with or without headers and body.
    fileprivate init(_ row: StoreRow) throws(StoreError) {
        let requestID: String? = try row["request_id"]
        let (headers, body): ([UInt8]?, [UInt8]?) = (try row["headers"], try row["body"])
        let bodyBytes: Int? = try row["body_bytes"]
        let deadLettering = StageFailureRecord.DeadLettering(
            at: try row["died_at"], reason: try row["reason"],
            error: StageError(code: try row["code"], message: try row["message"]), replays: try row["replays"])
        message = DeadLetterRecord(
            stage: try row["stage"], messageID: try row["message_id"], requestID: requestID.flatMap(RequestID.init),
            deadLettering: deadLettering, attempts: try row["attempts"], firstFailedAt: try row["first_failed_at"],
            host: try row["host"], version: try row["version"], headers: headers ?? [], body: body ?? [],
            bodyBytes: bodyBytes ?? 0, bodySHA256: try row["body_sha256"])
        resolution = try DeadLetterResolution(row).flatMap { $0.covers(deadLettering) ? $0 : nil }
        isTold = try (row["told_at"] as Date?) != nil
    }
}

/// A place in the list of dead letters, as text `<milliseconds>.<stage>.<id>`.
struct DeadLetterCursor: Sendable, Equatable, LosslessStringConvertible {
    var diedAt: Date
    var stage: Stage
    var messageID: UUID

    init(_ message: DeadLetterRecord) {
        diedAt = message.deadLettering.at
        stage = message.stage
        messageID = message.messageID
    }

    init?(_ description: String) {
        let parts = description.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 3, let milliseconds = Int64(foreign: parts[0]), let stage = Stage(rawValue: parts[1]),
            let id = UUID(canonical: parts[2])
        else { return nil }
        diedAt = Date(milliseconds: milliseconds)
        self.stage = stage
        messageID = id
    }

    var description: String { "\(diedAt.milliseconds).\(stage.rawValue).\(messageID.canonical)" }
}
