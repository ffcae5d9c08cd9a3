import Contracts
import GRDB

import struct Foundation.Date

extension SQLiteRequestStore {
    func job(_ id: RequestID) async throws(StoreError) -> StoredJob? {
        try await read { try Self.job(id, $0) }
    }

    static func job(_ id: RequestID, _ database: Database) throws -> StoredJob? {
        guard let request = try fetch(id, database) else { return nil }
        let entries = try database.cachedStatement(
            sql: """
                SELECT * FROM timeline WHERE request = (SELECT number FROM request WHERE id = ?) ORDER BY at, entry
                """)
        let endpoint = try database.cachedStatement(
            sql: """
                SELECT * FROM endpoint WHERE provider = ? AND degraded_since IS NOT NULL
                    AND (recovered_from IS NULL OR recovered_from < degraded_since)
                """)
        return StoredJob(
            request: request,
            timeline: try Row.fetchAll(entries, arguments: [id.description]).map(TimelineEntry.init),
            endpoint: try Row.fetchOne(endpoint, arguments: [request.provider.id]).map(EndpointTrouble.init))
    }

    /// Adds an entry unless it is there. The newest ones stay: whatever the order in which they come, the same ones.
    static func note(_ entry: TimelineEntry, of id: RequestID, _ database: Database) throws {
        try database.cachedStatement(
            sql: """
                INSERT INTO timeline (request, at, entry, kind, stage, sequence, attempt, duration, family, http_status,
                    error_code, error_message, excerpt, detail, note)
                SELECT number, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15 FROM request
                WHERE id = ?1 AND expired_at IS NULL
                ON CONFLICT (request, at, entry) DO NOTHING
                """
        ).execute(arguments: [
            id.description, entry.at.milliseconds, entry.name, entry.kind.rawValue, entry.stage?.rawValue,
            entry.sequence, entry.attempt, entry.durationMilliseconds, entry.addressFamily?.rawValue, entry.httpStatus,
            entry.error?.code, entry.error?.message, entry.excerpt, entry.detail, entry.note,
        ])
        guard database.changesCount > 0 else { return }
        try database.cachedStatement(
            sql: """
                DELETE FROM timeline WHERE request = (SELECT number FROM request WHERE id = ?1) AND (at, entry) < (
                    SELECT at, entry FROM timeline WHERE request = (SELECT number FROM request WHERE id = ?1)
                    ORDER BY at DESC, entry DESC LIMIT 1 OFFSET \(TimelineEntry.limit - 1)
                )
                """
        ).execute(arguments: [id.description])
    }

    static func degrade(_ data: EndpointDegraded, at now: Date, _ database: Database) throws {
        try database.cachedStatement(
            sql: """
                INSERT INTO endpoint (provider, degraded_since, error_code, error_message, recorded_at)
                VALUES (?, ?, ?, ?, ?)
                ON CONFLICT (provider) DO UPDATE SET degraded_since = excluded.degraded_since,
                    error_code = excluded.error_code, error_message = excluded.error_message,
                    recorded_at = excluded.recorded_at
                WHERE degraded_since IS NULL OR degraded_since <= excluded.degraded_since
                """
        ).execute(arguments: [
            data.provider, data.since.milliseconds, data.error.code, data.error.message, now.milliseconds,
        ])
    }

    /// It names the trouble that is over, so that it may come before it.
    static func recover(_ data: EndpointRecovered, at now: Date, _ database: Database) throws {
        try database.cachedStatement(
            sql: """
                INSERT INTO endpoint (provider, recovered_from, recorded_at) VALUES (?, ?, ?)
                ON CONFLICT (provider) DO UPDATE SET recovered_from = excluded.recovered_from,
                    recorded_at = excluded.recorded_at
                WHERE recovered_from IS NULL OR recovered_from < excluded.recovered_from
                """
        ).execute(arguments: [data.provider, data.degradedSince.milliseconds, now.milliseconds])
    }
}

extension TimelineEntry {
    fileprivate init(_ row: Row) {
        let code: String? = row["error_code"]
        let message: String? = row["error_message"]
        self.init(
            at: Date(milliseconds: row["at"]), name: row["entry"], kind: Kind(rawValue: row["kind"]),
            stage: (row["stage"] as String?).flatMap(Stage.init), sequence: row["sequence"], attempt: row["attempt"],
            durationMilliseconds: row["duration"], addressFamily: (row["family"] as String?).map(AddressFamily.init),
            httpStatus: row["http_status"], error: code.map { StageError(code: $0, message: message ?? "") },
            excerpt: row["excerpt"], detail: row["detail"], note: row["note"])
    }
}

extension EndpointTrouble {
    fileprivate init(_ row: Row) {
        self.init(
            since: Date(milliseconds: row["degraded_since"]),
            error: StageError(code: row["error_code"] ?? "", message: row["error_message"] ?? ""))
    }
}
