import Contracts
import GRDB

import struct Foundation.Data
import struct Foundation.Date
import struct Foundation.UUID

extension SQLiteRequestStore {
    /// How many letters of one message or request are shown, with their bodies.
    static let mostShown = 20

    /// All but headers and body: a list may be as long as a page, and what is in the letters is somebody else's.
    private static let columns = """
        stage, message_id, dead_letter.request_id, died_at, reason, code, message, attempts, first_failed_at, host,
        version, replays, body_bytes, body_sha256, resolution, resolved_death_at, resolved_at, resolved_by,
        resolved_replays, why
        """

    func deadLetters(
        _ filter: DeadLetterFilter, after: DeadLetterCursor?, limit: Int
    ) async throws(StoreError) -> [StoredDeadLetter] {
        try await read { database in
            let (condition, arguments) = Self.condition(filter, after)
            let sql = """
                SELECT \(Self.columns), request.told_at FROM dead_letter
                LEFT JOIN request ON request.id = dead_letter.request_id
                WHERE \(condition) ORDER BY died_at, stage, message_id LIMIT ?
                """
            let statement = try database.cachedStatement(sql: sql)
            return try Row.fetchAll(statement, arguments: StatementArguments(arguments + [limit]))
                .map { try StoredDeadLetter($0) }
        }
    }

    func deadLetterGroups(_ filter: DeadLetterFilter) async throws(StoreError) -> [DeadLetterGroup] {
        try await read { database in
            let (condition, arguments) = Self.condition(filter, nil)
            let sql = """
                SELECT stage, reason, count(*) AS count, min(died_at) AS oldest FROM dead_letter
                WHERE \(condition) GROUP BY stage, reason ORDER BY stage, reason
                """
            let statement = try database.cachedStatement(sql: sql)
            return try Row.fetchAll(statement, arguments: StatementArguments(arguments)).compactMap { row in
                guard let stage = Stage(rawValue: row["stage"]) else { return nil }
                return DeadLetterGroup(
                    stage: stage, reason: row["reason"], count: row["count"],
                    oldest: Date(milliseconds: row["oldest"]))
            }
        }
    }

    func deadLetters(_ id: UUID) async throws(StoreError) -> [StoredDeadLetter] {
        try await read { database in
            let statement = try database.cachedStatement(
                sql: """
                    SELECT \(Self.columns), headers, body, request.told_at FROM dead_letter
                    LEFT JOIN request ON request.id = dead_letter.request_id
                    WHERE (message_id = ?1 OR request_id = ?1) AND died_at IS NOT NULL
                    ORDER BY died_at DESC, stage DESC LIMIT ?2
                    """)
            return try Row.fetchAll(statement, arguments: [id.canonical, Self.mostShown]).reversed()
                .map { try StoredDeadLetter($0) }
        }
    }

    /// The newest death stays; what an operator has done is kept beside it. A request whose job was forgotten, or whose
    /// personal data was erased, gets no copy of a message any more.
    static func bury(_ message: DeadMessage, at now: Date, _ database: Database) throws {
        let settled = try database.cachedStatement(
            sql: "SELECT expired_at IS NOT NULL OR erased_at IS NOT NULL FROM request WHERE id = ?")
        let isSettled = try message.requestID.flatMap { try Bool.fetchOne(settled, arguments: [$0.description]) }
        var message = message
        if isSettled == true { message.keep([:], []) }
        try database.cachedStatement(
            sql: """
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
                WHERE died_at IS NULL OR (replays, died_at) <= (excluded.replays, excluded.died_at)
                """
        ).execute(arguments: [
            message.stage.rawValue, message.messageID.canonical, message.requestID?.description,
            message.death.at.milliseconds, message.death.reason.rawValue, message.death.error.code,
            message.death.error.message, message.attempts, message.firstFailedAt?.milliseconds, message.host,
            message.version, Data(message.headers), Data(message.body), message.death.replays, message.bodyBytes,
            message.bodySHA256.map { Data($0) }, now.milliseconds, isSettled == nil,
        ])
    }

    /// See `isOlderResolution`.
    static func resolve(
        _ stage: Stage, _ messageID: UUID, _ id: RequestID?, _ resolution: DeathResolution, at now: Date,
        _ database: Database
    ) throws {
        try database.cachedStatement(
            sql: """
                INSERT INTO dead_letter (stage, message_id, request_id, resolution, resolved_death_at, resolved_at,
                    resolved_by, why, resolved_replays, recorded_at, is_stray)
                SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, NOT EXISTS (SELECT 1 FROM request WHERE id = ?3)
                WHERE true
                ON CONFLICT (stage, message_id) DO UPDATE SET resolution = excluded.resolution,
                    resolved_death_at = excluded.resolved_death_at, resolved_at = excluded.resolved_at,
                    resolved_by = excluded.resolved_by, why = excluded.why,
                    resolved_replays = excluded.resolved_replays, recorded_at = excluded.recorded_at
                WHERE \(isOlderResolution)
                """
        ).execute(arguments: [
            stage.rawValue, messageID.canonical, id?.description, resolution.kind.rawValue,
            resolution.deathAt.milliseconds, resolution.at.milliseconds, resolution.by, resolution.why,
            resolution.replays, now.milliseconds,
        ])
    }

    /// Letters that name no request, or none that is here, end by themselves: nothing else would ever take them away.
    /// Those that wait for an operator are kept longer; the message itself is in its dead queue, and can be settled
    /// from there.
    func removeStrayDeadLetters(
        recordedBefore cutoff: Date, resolvedBefore resolved: Date, limit: Int
    ) async throws(StoreError) -> Int {
        try await write { database in
            let statement = try database.cachedStatement(
                sql: """
                    SELECT stage, message_id FROM dead_letter INDEXED BY dead_letter_stray
                    WHERE is_stray = 1 AND recorded_at < max(?1, ?2)
                        AND (recorded_at < ?1 OR (recorded_at < ?2 AND (died_at IS NULL OR NOT \(Self.isUnresolved))))
                    LIMIT ?3
                    """)
            let rows = try Row.fetchAll(
                statement, arguments: [cutoff.milliseconds, resolved.milliseconds, limit])
            for row in rows {
                let key: StatementArguments = [row["stage"] as String, row["message_id"] as String]
                // Made empty first: a page that loses rows is merged with its neighbours, which leaves copies behind.
                try database.cachedStatement(
                    sql: """
                        UPDATE dead_letter SET headers = CAST('{}' AS BLOB), body = x''
                        WHERE stage = ? AND message_id = ?
                        """
                ).execute(arguments: key)
                try database.cachedStatement(sql: "DELETE FROM dead_letter WHERE stage = ? AND message_id = ?")
                    .execute(arguments: key)
            }
            return rows.count
        }
    }

    /// Whether a row of `dead_letter` with a death waits for an operator.
    private static let isUnresolved = """
        (resolution IS NULL
            OR NOT iif(resolved_replays IS NULL, resolved_death_at >= died_at, resolved_replays >= replays))
        """

    /// What a filter means in SQL.
    private static func condition(
        _ filter: DeadLetterFilter, _ after: DeadLetterCursor?
    ) -> (sql: String, arguments: [(any DatabaseValueConvertible)?]) {
        var conditions = ["died_at IS NOT NULL"]
        var arguments: [(any DatabaseValueConvertible)?] = []
        if !filter.includesResolved {
            conditions.append(isUnresolved)
        }
        if let stage = filter.stage {
            conditions.append("stage = ?")
            arguments.append(stage.rawValue)
        }
        if let reason = filter.reason {
            conditions.append("reason = ?")
            arguments.append(reason)
        }
        if let diedBefore = filter.diedBefore {
            conditions.append("died_at < ?")
            arguments.append(diedBefore.milliseconds)
        }
        if let after {
            conditions.append("(died_at, stage, message_id) > (?, ?, ?)")
            arguments += [after.diedAt.milliseconds, after.stage.rawValue, after.messageID.canonical]
        }
        return (conditions.joined(separator: " AND "), arguments)
    }
}

extension StoredDeadLetter {
    /// A row that has a death, joined with `told_at` of its request; with or without headers and body.
    fileprivate init(_ row: Row) throws(StoreError) {
        guard let stage = Stage(rawValue: row["stage"]), let id = UUID(canonical: row["message_id"]),
            let diedAt: Int64 = row["died_at"]
        else { throw StoreError(code: .unreadable, detail: "dead_letter") }
        let death = StageTrouble.Death(
            at: Date(milliseconds: diedAt), reason: DeadReason(rawValue: row["reason"]),
            error: StageError(code: row["code"], message: row["message"]), replays: row["replays"])
        message = DeadMessage(
            stage: stage, messageID: id, requestID: (row["request_id"] as String?).flatMap(RequestID.init),
            death: death,
            attempts: row["attempts"], firstFailedAt: (row["first_failed_at"] as Int64?).map(Date.init(milliseconds:)),
            host: row["host"], version: row["version"],
            headers: (row["headers"] as Data?).map { [UInt8]($0) } ?? [],
            body: (row["body"] as Data?).map { [UInt8]($0) } ?? [], bodyBytes: row["body_bytes"] ?? 0,
            bodySHA256: (row["body_sha256"] as Data?).map { [UInt8]($0) })
        resolution = DeathResolution(row).flatMap { $0.covers(death) ? $0 : nil }
        isTold = (row["told_at"] as Int64?) != nil
    }
}

/// A dead letter as the store has it.
struct StoredDeadLetter: Sendable, Equatable {
    var message: DeadMessage
    /// What an operator has done about it; `nil` as long as it waits for one.
    var resolution: DeathResolution?
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
}

/// How many dead letters of a stage have the same reason.
struct DeadLetterGroup: Sendable, Equatable, Encodable {
    var stage: Stage
    var reason: String
    var count: Int
    /// When the first of them died.
    var oldest: Date
}
