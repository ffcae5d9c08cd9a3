import Contracts
import GRDB

import struct Foundation.Data
import struct Foundation.Date
import struct Foundation.UUID

extension SQLiteRequestStore {
    func deadLetters(
        _ filter: DeadLetterFilter, after: DeadLetterCursor?, limit: Int
    ) async throws(StoreError) -> [StoredDeadLetter] {
        try await read { database in
            let (condition, arguments) = Self.condition(filter, after)
            let sql = """
                SELECT dead_letter.*, request.told_at FROM dead_letter
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
                    SELECT dead_letter.*, request.told_at FROM dead_letter
                    LEFT JOIN request ON request.id = dead_letter.request_id
                    WHERE (message_id = ?1 OR request_id = ?1) AND died_at IS NOT NULL ORDER BY died_at, stage
                    """)
            return try Row.fetchAll(statement, arguments: [id.canonical]).map { try StoredDeadLetter($0) }
        }
    }

    /// The newest death stays; what an operator has done is kept beside it.
    static func bury(_ message: DeadMessage, _ database: Database) throws {
        try database.cachedStatement(
            sql: """
                INSERT INTO dead_letter (stage, message_id, request_id, died_at, reason, code, message, attempts,
                    first_failed_at, host, version, headers, body)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                ON CONFLICT (stage, message_id) DO UPDATE SET request_id = excluded.request_id,
                    died_at = excluded.died_at, reason = excluded.reason, code = excluded.code,
                    message = excluded.message, attempts = excluded.attempts,
                    first_failed_at = excluded.first_failed_at, host = excluded.host, version = excluded.version,
                    headers = excluded.headers, body = excluded.body
                WHERE died_at IS NULL OR died_at <= excluded.died_at
                """
        ).execute(arguments: [
            message.stage.rawValue, message.messageID.canonical, message.requestID?.description,
            message.death.at.milliseconds, message.death.reason.rawValue, message.death.error.code,
            message.death.error.message, message.attempts, message.firstFailedAt?.milliseconds, message.host,
            message.version, Data(message.headers), Data(message.body),
        ])
    }

    /// Of two, the one about the later death stays, and of two about the same the later one.
    static func resolve(
        _ stage: Stage, _ messageID: UUID, _ id: RequestID?, _ resolution: DeathResolution, _ database: Database
    ) throws {
        try database.cachedStatement(
            sql: """
                INSERT INTO dead_letter (stage, message_id, request_id, resolution, resolved_death_at, resolved_at,
                    resolved_by, why)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?)
                ON CONFLICT (stage, message_id) DO UPDATE SET resolution = excluded.resolution,
                    resolved_death_at = excluded.resolved_death_at, resolved_at = excluded.resolved_at,
                    resolved_by = excluded.resolved_by, why = excluded.why
                WHERE resolved_at IS NULL
                    OR (resolved_death_at, resolved_at) <= (excluded.resolved_death_at, excluded.resolved_at)
                """
        ).execute(arguments: [
            stage.rawValue, messageID.canonical, id?.description, resolution.kind.rawValue,
            resolution.deathAt.milliseconds, resolution.at.milliseconds, resolution.by, resolution.why,
        ])
    }

    /// What a filter means in SQL.
    private static func condition(
        _ filter: DeadLetterFilter, _ after: DeadLetterCursor?
    ) -> (sql: String, arguments: [(any DatabaseValueConvertible)?]) {
        var conditions = ["died_at IS NOT NULL"]
        var arguments: [(any DatabaseValueConvertible)?] = []
        if !filter.includesResolved {
            conditions.append("(resolution IS NULL OR resolved_death_at < died_at)")
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
    /// A row that has a death, joined with `told_at` of its request.
    fileprivate init(_ row: Row) throws(StoreError) {
        guard let stage = Stage(rawValue: row["stage"]), let id = UUID(canonical: row["message_id"]),
            let diedAt: Int64 = row["died_at"]
        else { throw StoreError(code: .unreadable, detail: "dead_letter") }
        let headers: Data = row["headers"]
        let body: Data = row["body"]
        let death = StageTrouble.Death(
            at: Date(milliseconds: diedAt), reason: DeadReason(rawValue: row["reason"]),
            error: StageError(code: row["code"], message: row["message"]))
        message = DeadMessage(
            stage: stage, messageID: id, requestID: (row["request_id"] as String?).flatMap(RequestID.init),
            death: death,
            attempts: row["attempts"], firstFailedAt: (row["first_failed_at"] as Int64?).map(Date.init(milliseconds:)),
            host: row["host"], version: row["version"], headers: [UInt8](headers), body: [UInt8](body))
        resolution = DeathResolution(row).flatMap { $0.deathAt >= death.at ? $0 : nil }
        isTold = (row["told_at"] as Int64?) != nil
    }
}
