import Contracts
import GRDB

import struct Foundation.Date

/// What is erased is overwritten in the file, see `makeDurable`, and leaves the log behind it with `truncateLog`.
extension SQLiteRequestStore {
    func expireJobs(endedBefore cutoff: Date, at now: Date, limit: Int) async throws(StoreError) -> Int {
        try await write { database in
            let statement = try database.cachedStatement(
                sql: """
                    SELECT number, id, told_at FROM request INDEXED BY request_unexpired
                    WHERE expired_at IS NULL AND accepted_at < ?1 AND moved_at < ?1 AND (
                        told_at IS NOT NULL
                        OR (\(Self.isDead) AND EXISTS (
                            SELECT 1 FROM stage_trouble AS trouble WHERE trouble.request_id = request.id
                                AND trouble.resolution = '\(DeathResolution.Kind.discarded.rawValue)'
                                AND iif(trouble.resolved_replays IS NULL, trouble.resolved_death_at >= trouble.dead_at,
                                    trouble.resolved_replays >= trouble.dead_replays))))
                    ORDER BY accepted_at LIMIT ?2
                    """)
            let rows = try Row.fetchAll(statement, arguments: [cutoff.milliseconds, limit])
            for row in rows { try Self.expire(row, at: now, database) }
            return rows.count
        }
    }

    /// The row itself stays: the provider may never send its id again, and the counts stay right.
    private static func expire(_ row: Row, at now: Date, _ database: Database) throws {
        let number: Int64 = row["number"]
        let id: String = row["id"]
        try database.cachedStatement(sql: "DELETE FROM timeline WHERE request = ?").execute(arguments: [number])
        // Of what was told, the review is over. One that is open is no end of a job.
        if (row["told_at"] as Int64?) != nil {
            try database.cachedStatement(sql: "DELETE FROM review WHERE request = ?").execute(arguments: [number])
        }
        // Of what was never told, the death has to stay: without it the request would be under way.
        let trouble =
            (row["told_at"] as Int64?) == nil
            ? "UPDATE stage_trouble SET dead_message = '', why = NULL WHERE request_id = ?"
            : "DELETE FROM stage_trouble WHERE request_id = ?"
        try database.cachedStatement(sql: trouble).execute(arguments: [id])
        try empty(lettersOf: id, database)
        try database.cachedStatement(sql: "UPDATE request SET expired_at = ? WHERE number = ?")
            .execute(arguments: [now.milliseconds, number])
    }

    func erasePersonalData(acceptedBefore cutoff: Date, at now: Date, limit: Int) async throws(StoreError) -> Int {
        try await write { database in
            // Most have lost their job before; those that have not by then are few.
            let statement = try database.cachedStatement(
                sql: """
                    SELECT number, id, accepted_at FROM (
                        SELECT number, id, accepted_at FROM request INDEXED BY request_unerased
                        WHERE expired_at IS NOT NULL AND erased_at IS NULL AND accepted_at < ?1
                        UNION ALL
                        SELECT number, id, accepted_at FROM request INDEXED BY request_unexpired
                        WHERE expired_at IS NULL AND erased_at IS NULL AND accepted_at < ?1
                            AND (told_at IS NOT NULL OR \(Self.isDead))
                    ) LIMIT ?2
                    """)
            let rows = try Row.fetchAll(statement, arguments: [cutoff.milliseconds, limit])
            for row in rows {
                try Self.erase(
                    number: row["number"], id: row["id"], acceptedAt: row["accepted_at"], at: now, database)
            }
            return rows.count
        }
    }

    func erasePersonalData(of id: RequestID, force: Bool, at now: Date) async throws(StoreError) -> Erasure {
        try await write { database in
            let statement = try database.cachedStatement(
                sql: """
                    SELECT number, accepted_at, erased_at, geocoded_at IS NULL AND told_at IS NULL
                        AND decided_at IS NULL AND NOT \(Self.isAsked) AND NOT \(Self.isDead) AS needs_street
                    FROM request WHERE id = ?
                    """)
            guard let row = try Row.fetchOne(statement, arguments: [id.description]) else { return .unknown }
            if let earlier: Int64 = row["erased_at"] { return .erased(at: Date(milliseconds: earlier), isNew: false) }
            let needsStreet: Bool = row["needs_street"]
            guard force || !needsStreet else { return .underWay }
            try Self.erase(
                number: row["number"], id: id.description, acceptedAt: row["accepted_at"], at: now,
                keepsOutbox: needsStreet, database)
            return .erased(at: Date(milliseconds: now.milliseconds), isNew: true)
        }
    }

    /// A row of `person` is made empty, not deleted: a page that loses rows is merged with its neighbours, and their
    /// rows would leave copies behind.
    /// - Parameter keepsOutbox: whether the event with the street has to go out first, since the request would be lost.
    private static func erase(
        number: Int64, id: String, acceptedAt: Int64, at now: Date, keepsOutbox: Bool = false, _ database: Database
    ) throws {
        try database.cachedStatement(
            sql: """
                UPDATE person SET name = '', street = '', phone = '', email = '', provider_data = NULL WHERE number = ?
                """
        ).execute(arguments: [number])
        // Four more digits name a side of a street.
        try database.cachedStatement(
            sql: "UPDATE request SET erased_at = ?, zip = substr(zip, 1, 5) WHERE number = ?"
        ).execute(arguments: [now.milliseconds, number])
        try database.cachedStatement(sql: "UPDATE timeline SET note = NULL, excerpt = NULL WHERE request = ?")
            .execute(arguments: [number])
        try empty(lettersOf: id, database)
        if !keepsOutbox { try removeFromOutbox(eventsOf: id, since: acceptedAt, database) }
    }

    private static func empty(lettersOf id: String, _ database: Database) throws {
        try database.cachedStatement(
            sql: """
                UPDATE dead_letter SET headers = CAST('{}' AS BLOB), body = x'', body_bytes = 0, body_sha256 = NULL
                WHERE request_id = ?
                """
        ).execute(arguments: [id])
    }

    /// The event with the street, where a relay that crashed has left it though it was confirmed. Looks through the
    /// outbox only where it reaches back so far.
    private static func removeFromOutbox(eventsOf id: String, since acceptedAt: Int64, _ database: Database) throws {
        let oldest = try Int64.fetchOne(
            try database.cachedStatement(sql: "SELECT created_at FROM outbox ORDER BY sequence LIMIT 1"))
        guard let oldest, oldest <= acceptedAt else { return }
        let statement = try database.cachedStatement(
            sql: """
                DELETE FROM outbox WHERE created_at <= ?
                    AND json_extract(CAST(headers AS TEXT), '$."\(EventMessage.Header.subject)"') = ?
                    AND json_extract(CAST(headers AS TEXT), '$."\(EventMessage.Header.type)"')
                        = '\(EventType.requestAccepted.rawValue)'
                """)
        try statement.execute(arguments: [acceptedAt, id])
    }

    func removeEndpoints(recordedBefore cutoff: Date, limit: Int) async throws(StoreError) -> Int {
        try await write { database in
            try database.cachedStatement(
                sql: """
                    DELETE FROM endpoint WHERE provider IN
                        (SELECT provider FROM endpoint WHERE recorded_at < ? LIMIT ?)
                    """
            ).execute(arguments: [cutoff.milliseconds, limit])
            return database.changesCount
        }
    }

    func truncateLog() async throws(StoreError) -> Bool {
        let patience = busyMilliseconds
        do {
            // Not within a transaction. All writes wait for this connection: so it waits for nobody who reads, or who
            // writes from elsewhere, and says that it could not.
            return try await pool.writeWithoutTransaction { database in
                try database.execute(sql: "PRAGMA busy_timeout = 0")
                let outcome = Result { try database.checkpoint(.truncate) }
                try database.execute(sql: "PRAGMA busy_timeout = \(patience)")
                _ = try outcome.get()
                return true
            }
        } catch let error as DatabaseError where error.resultCode == .SQLITE_BUSY {
            return false
        } catch {
            throw StoreError(error)
        }
    }
}

/// What became of a wish to erase a request's personal data.
enum Erasure: Sendable, Equatable {
    /// It is gone, since then: now, or from an earlier time on.
    case erased(at: Date, isNew: Bool)
    /// The place is not found yet, and the street is needed for that.
    case underWay
    /// There is no such request.
    case unknown
}
