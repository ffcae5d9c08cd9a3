import Contracts

import struct Foundation.Date

extension RequestStore {
    /// The request with all that its job shows; `nil` when there is none.
    func job(_ id: RequestID) async throws(StoreError) -> StoredJob? {
        try await read { try $0.job(id) }
    }
}

extension StoreTransaction {
    func job(_ id: RequestID) throws -> StoredJob? {
        guard let request = try request(id) else { return nil }
        return StoredJob(
            request: request,
            timeline: try rows(
                """
                SELECT * FROM timeline WHERE request = (SELECT number FROM request WHERE id = ?) ORDER BY at, entry
                """, [id], TimelineEntry.init),
            endpoint: try endpoint(of: request.provider.id))
    }

    /// `nil` unless it is left alone at the moment.
    func endpoint(of provider: String) throws -> DegradedEndpoint? {
        try first(
            """
            SELECT * FROM endpoint WHERE provider = ? AND degraded_since IS NOT NULL
                AND (recovered_from IS NULL OR recovered_from < degraded_since)
            """, [provider], DegradedEndpoint.init)
    }

    /// Adds an entry unless it is there. The newest ones stay: whatever the order in which they come, the same ones.
    /// - Returns: whether it was added.
    @discardableResult
    func note(_ entry: TimelineEntry, of id: RequestID) throws -> Bool {
        let written = try changes(
            """
            INSERT INTO timeline (request, at, entry, kind, stage, sequence, attempt, duration, family, http_status,
                error_code, error_message, excerpt, detail, note, person)
            SELECT number, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16
            FROM request
            WHERE id = ?1 AND expired_at IS NULL
            ON CONFLICT (request, at, entry) DO NOTHING
            """,
            [
                id, entry.at, entry.name, entry.kind.rawValue, entry.stage, entry.sequence, entry.attempt,
                entry.durationMilliseconds, entry.addressFamily, entry.httpStatus, entry.error?.code,
                entry.error?.message, entry.excerpt, entry.detail, entry.note,
                entry.person,
            ])
        guard written > 0 else { return false }
        try execute(
            """
            DELETE FROM timeline WHERE request = (SELECT number FROM request WHERE id = ?1) AND (at, entry) < (
                SELECT at, entry FROM timeline WHERE request = (SELECT number FROM request WHERE id = ?1)
                ORDER BY at DESC, entry DESC LIMIT 1 OFFSET \(TimelineEntry.limit - 1)
            )
            """, [id])
        return true
    }

    /// A partner's endpoint is left alone.
    func record(_ data: EndpointDegraded, at now: Date) throws {
        try execute(
            """
            INSERT INTO endpoint (provider, degraded_since, error_code, error_message, recorded_at)
            VALUES (?, ?, ?, ?, ?)
            ON CONFLICT (provider) DO UPDATE SET degraded_since = excluded.degraded_since,
                error_code = excluded.error_code, error_message = excluded.error_message,
                recorded_at = excluded.recorded_at
            WHERE endpoint.degraded_since IS NULL OR endpoint.degraded_since <= excluded.degraded_since
            """, [data.provider, data.since, data.error.code, data.error.message, now])
    }

    /// It takes callbacks again. This names the trouble that is over, so that it may come before it.
    func record(_ data: EndpointRecovered, at now: Date) throws {
        try execute(
            """
            INSERT INTO endpoint (provider, recovered_from, recorded_at) VALUES (?, ?, ?)
            ON CONFLICT (provider) DO UPDATE SET recovered_from = excluded.recovered_from,
                recorded_at = excluded.recorded_at
            WHERE endpoint.recovered_from IS NULL OR endpoint.recovered_from < excluded.recovered_from
            """, [data.provider, data.degradedSince, now])
    }
}

extension TimelineEntry {
    init(_ row: StoreRow) throws(StoreError) {
        let code: String? = try row["error_code"]
        let message: String? = try row["error_message"]
        let stage: String? = try row["stage"]
        self.init(
            at: try row["at"], name: try row["entry"], kind: Kind(rawValue: try row["kind"]),
            // A newer version may have written one that this one does not know.
            stage: stage.flatMap(Stage.init), sequence: try row["sequence"], attempt: try row["attempt"],
            durationMilliseconds: try row["duration"], addressFamily: try row["family"],
            httpStatus: try row["http_status"], error: code.map { StageError(code: $0, message: message ?? "") },
            excerpt: try row["excerpt"], detail: try row["detail"], note: try row["note"], person: try row["person"])
    }
}

extension DegradedEndpoint {
    init(_ row: StoreRow) throws(StoreError) {
        let (code, message): (String?, String?) = (try row["error_code"], try row["error_message"])
        self.init(
            since: try row["degraded_since"], error: StageError(code: code ?? "", message: message ?? ""))
    }
}

/// `StoredRequest.job` in SQL: conditions on a row of `request` that is not told.
enum JobCondition {
    /// Failed: a stage's message is dead that counts.
    static let isFailed = """
        EXISTS (
            SELECT 1 FROM stage_trouble AS trouble WHERE trouble.request_id = request.id
            AND trouble.dead_at IS NOT NULL
            AND (trouble.resolution IS NULL OR trouble.resolution <> '\(DeadLetterResolution.Kind.replayed.rawValue)'
                OR NOT \(isResolved))
            AND (trouble.stage = '\(Stage.callback.rawValue)'
                OR (request.decided_at IS NULL AND NOT EXISTS (
                        SELECT 1 FROM review AS asked WHERE asked.request = request.number)
                    AND (trouble.stage = '\(Stage.decision.rawValue)'
                        OR (trouble.stage = '\(Stage.geocode.rawValue)' AND request.geocoded_at IS NULL))))
        )
        """

    /// The newest that the partner is to be told was given up, whether it has taken what was before or not.
    static let isGivenUp = """
        EXISTS (
            SELECT 1 FROM stage_trouble AS trouble WHERE trouble.request_id = request.id
            AND trouble.stage = '\(Stage.callback.rawValue)' AND trouble.dead_at IS NOT NULL
            AND coalesce(trouble.dead_sequence, 1) = request.sequence
            AND (trouble.resolution IS NULL OR trouble.resolution <> '\(DeadLetterResolution.Kind.replayed.rawValue)'
                OR NOT \(isResolved))
        )
        """

    /// `DeadLetterResolution.covers` for a row of `stage_trouble` that has a dead-lettering and a resolution.
    private static let isResolved = """
        CASE WHEN trouble.resolved_replays IS NULL THEN trouble.resolved_death_at >= trouble.dead_at
            ELSE trouble.resolved_replays >= trouble.dead_replays END
        """

    /// Failed, and an operator has said that it stays so.
    static let isDiscarded = """
        (\(isFailed) AND EXISTS (
            SELECT 1 FROM stage_trouble AS trouble WHERE trouble.request_id = request.id
                AND trouble.resolution = '\(DeadLetterResolution.Kind.discarded.rawValue)' AND \(isResolved)))
        """

    /// A person has been asked, and nothing is decided.
    static let isAsked = """
        (request.decided_at IS NULL AND EXISTS (SELECT 1 FROM review AS asked WHERE asked.request = request.number))
        """

    /// In review.
    static let isInReview = "(\(isAsked) AND NOT \(isFailed))"
}
