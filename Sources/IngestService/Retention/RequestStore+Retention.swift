import Contracts

import struct Foundation.Date

/// What is erased is overwritten by the database, and leaves its log with `truncateLog`.
extension RequestStore {
    /// Forgets what jobs showed that ended before a time: they were told, and nothing has happened since, or an
    /// operator has discarded what they died of. That there was such a request, and what was decided, stays.
    /// - Returns: how many.
    func expireJobs(endedBefore cutoff: Date, at now: Date, limit: Int) async throws(StoreError) -> Int {
        try await write { transaction in
            let rows = try transaction.rows(
                """
                SELECT number, id, told_at FROM \(transaction.dialect.along("request_unexpired", of: "request"))
                WHERE expired_at IS NULL AND accepted_at < ?1 AND moved_at < ?1
                    AND (told_at IS NOT NULL OR \(JobCondition.isDiscarded))
                ORDER BY accepted_at LIMIT ?2
                """ + transaction.dialect.locking("request"), [cutoff, limit]
            ) { row in
                (number: try row["number"] as Int64, id: try row["id"] as String, toldAt: try row["told_at"] as Date?)
            }
            for row in rows {
                try transaction.expire(number: row.number, id: row.id, isTold: row.toldAt != nil, at: now)
            }
            return rows.count
        }
    }

    /// Erases what is personal in requests that were accepted before a time and are settled: told, or dead.
    /// - Returns: how many.
    func erasePersonalData(acceptedBefore cutoff: Date, at now: Date, limit: Int) async throws(StoreError) -> Int {
        try await write { transaction in
            // Most have lost their job before; those that have not by then are few.
            let rows = try transaction.rows(
                """
                SELECT number, id, accepted_at FROM (
                    SELECT number, id, accepted_at FROM \(transaction.dialect.along("request_unerased", of: "request"))
                    WHERE expired_at IS NOT NULL AND erased_at IS NULL AND accepted_at < ?1
                    UNION ALL
                    SELECT number, id, accepted_at FROM \(transaction.dialect.along("request_unexpired", of: "request"))
                    WHERE expired_at IS NULL AND erased_at IS NULL AND accepted_at < ?1
                        AND (told_at IS NOT NULL OR \(JobCondition.isFailed))
                ) AS settled LIMIT ?2
                """, [cutoff, limit]
            ) { row in
                (number: try row["number"] as Int64, id: try row["id"] as String, at: try row["accepted_at"] as Int64)
            }
            for row in rows { try transaction.erase(number: row.number, id: row.id, acceptedAt: row.at, at: now) }
            return rows.count
        }
    }

    /// Erases what is personal in one request.
    /// - Parameter force: also while the street is needed; the event that has it goes out all the same.
    func erasePersonalData(of id: RequestID, force: Bool, at now: Date) async throws(StoreError) -> Erasure {
        try await write { transaction in
            try transaction.lock(id)
            return try transaction.first(
                """
                SELECT number, accepted_at, erased_at, CASE WHEN geocoded_at IS NULL AND told_at IS NULL
                    AND decided_at IS NULL AND NOT \(JobCondition.isAsked) AND NOT \(JobCondition.isFailed)
                    THEN 1 ELSE 0 END AS needs_street
                FROM request WHERE id = ?
                """, [id]
            ) { row in
                if let earlier: Date = try row["erased_at"] { return .erased(at: earlier, isNew: false) }
                let needsStreet: Bool = try row["needs_street"]
                guard force || !needsStreet else { return .underWay }
                try transaction.erase(
                    number: try row["number"], id: id.description, acceptedAt: try row["accepted_at"], at: now,
                    keepsOutbox: needsStreet)
                return .erased(at: Date(milliseconds: now.milliseconds), isNew: true)
            } ?? .unknown
        }
    }

    /// Forgets partners' endpoints of which nothing was heard since a time.
    /// - Returns: how many.
    func removeEndpoints(recordedBefore cutoff: Date, limit: Int) async throws(StoreError) -> Int {
        try await write { transaction in
            try transaction.changes(
                """
                DELETE FROM endpoint WHERE provider IN (SELECT provider FROM endpoint WHERE recorded_at < ? LIMIT ?)
                """, [cutoff, limit])
        }
    }

    /// Has what was erased leave the log beside the file. Waits for nobody who reads.
    /// - Returns: whether it has; `false` while somebody reads or writes what is in the log.
    func truncateLog() async throws(StoreError) -> Bool { try await database.truncateLog() }
}

extension StoreTransaction {
    /// The row itself stays: the provider may never send its id again, and the counts stay right.
    fileprivate func expire(number: Int64, id: String, isTold: Bool, at now: Date) throws {
        try execute("DELETE FROM timeline WHERE request = ?", [number])
        // Of what was told, the review is over. One that is open is no end of a job.
        if isTold { try execute("DELETE FROM review WHERE request = ?", [number]) }
        // Of what was never told, the dead-lettering has to stay: without it the request would be under way.
        try execute(
            isTold
                ? "DELETE FROM stage_trouble WHERE request_id = ?"
                : "UPDATE stage_trouble SET dead_message = '', why = NULL WHERE request_id = ?", [id])
        try empty(lettersOf: id)
        try execute("UPDATE request SET expired_at = ? WHERE number = ?", [now, number])
    }

    /// A row of `person` is made empty, not deleted: a page that loses rows is merged with its neighbours, and their
    /// rows would leave copies behind.
    /// - Parameter keepsOutbox: whether the event with the street has to go out first, since the request would be lost.
    fileprivate func erase(
        number: Int64, id: String, acceptedAt: Int64, at now: Date, keepsOutbox: Bool = false
    ) throws {
        try forgetWords(of: number)
        try execute("UPDATE desk_entry SET note = NULL WHERE request = ?", [number])
        try execute(
            """
            UPDATE person SET name = '', street = '', phone = '', email = '', provider_data = NULL, unit = NULL,
                language = NULL, need = NULL, notes = NULL WHERE number = ?
            """, [number])
        try execute("UPDATE correction SET name = '', phone = '', email = '' WHERE request = ?", [number])
        // Four more digits name a side of a street.
        try execute("UPDATE request SET erased_at = ?, zip = substr(zip, 1, 5) WHERE number = ?", [now, number])
        try execute("UPDATE timeline SET note = NULL, excerpt = NULL WHERE request = ?", [number])
        try empty(lettersOf: id)
        if !keepsOutbox { try removeFromOutbox(eventsOf: id, since: acceptedAt) }
    }

    private func empty(lettersOf id: String) throws {
        try execute(
            """
            UPDATE dead_letter SET headers = ?2, body = ?3, body_bytes = 0, body_sha256 = NULL WHERE request_id = ?1
            """, [id, Array("{}".utf8), [UInt8]()])
    }

    /// The event with the street, where a relay that crashed has left it though it was confirmed. Looks through the
    /// outbox only where it reaches back so far.
    private func removeFromOutbox(eventsOf id: String, since acceptedAt: Int64) throws {
        let oldest: Int64? = try value("SELECT created_at FROM outbox ORDER BY sequence LIMIT 1")
        guard let oldest, oldest <= acceptedAt else { return }
        try execute(
            """
            DELETE FROM outbox WHERE created_at <= ? AND \(dialect.header(EventMessage.Header.subject)) = ?
                AND \(dialect.header(EventMessage.Header.type)) = '\(EventType.requestAccepted.rawValue)'
            """, [acceptedAt, id])
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
