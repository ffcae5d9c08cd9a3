import Contracts
import GRDB

import struct Foundation.Date
import struct Foundation.UUID

extension SQLiteRequestStore {
    /// In one statement, so in one snapshot. What is told is all that is not under way, in review or dead.
    func requestCounts() async throws(StoreError) -> [RequestCounts] {
        try await read { database in
            let statement = try database.cachedStatement(
                sql: """
                    SELECT every.provider AS provider, every.count AS accepted, coalesce(open.count, 0) AS untold,
                        coalesce(open.dead, 0) AS dead, coalesce(open.review, 0) AS review
                    FROM (SELECT provider, count(*) AS count FROM request GROUP BY provider) AS every
                    LEFT JOIN (
                        SELECT provider, count(*) AS count, sum(\(Self.isDead)) AS dead,
                            sum(\(Self.isInReview)) AS review
                        FROM request INDEXED BY request_untold
                        WHERE told_at IS NULL GROUP BY provider
                    ) AS open ON open.provider = every.provider
                    ORDER BY every.provider
                    """)
            return try Row.fetchAll(statement).map { row in
                let (accepted, untold): (Int, Int) = (row["accepted"], row["untold"])
                let (review, dead): (Int, Int) = (row["review"], row["dead"])
                return RequestCounts(
                    provider: row["provider"], accepted: accepted, told: accepted - untold,
                    pending: untold - review - dead, review: review, dead: dead)
            }
        }
    }

    func pending(
        notMovedSince cutoff: Date, after: RequestID?, limit: Int
    ) async throws(StoreError) -> [PendingRequest] {
        try await read { database in
            let statement = try database.cachedStatement(
                sql: """
                    SELECT id, provider, geocoded_at, decided_at, moved_at, id IN (
                        SELECT json_extract(CAST(headers AS TEXT), '$."\(EventMessage.Header.subject)"') FROM outbox
                    ) AS is_in_outbox
                    FROM request INDEXED BY request_untold
                    WHERE told_at IS NULL AND id > ?1 AND NOT \(Self.isDead) AND NOT \(Self.isInReview)
                        AND moved_at < ?2
                    ORDER BY id LIMIT ?3
                    """)
            return try Row.fetchAll(
                statement, arguments: [after?.description ?? "", cutoff.milliseconds, limit]
            ).map { row throws(StoreError) in
                guard let id = RequestID(row["id"] as String) else {
                    throw StoreError(code: .unreadable, detail: "request.id")
                }
                let isDecided = (row["decided_at"] as Int64?) != nil
                let isGeocoded = (row["geocoded_at"] as Int64?) != nil
                return PendingRequest(
                    id: id, provider: row["provider"],
                    stage: isDecided ? .callback : isGeocoded ? .decision : .geocode,
                    movedAt: Date(milliseconds: row["moved_at"]), isInOutbox: row["is_in_outbox"])
            }
        }
    }

    func pendingCount(notMovedSince cutoff: Date) async throws(StoreError) -> Int {
        try await read { database in
            let statement = try database.cachedStatement(
                sql: """
                    SELECT count(*) FROM request INDEXED BY request_untold
                    WHERE told_at IS NULL AND moved_at < ?1 AND NOT \(Self.isDead)
                        AND NOT \(Self.isInReview)
                    """)
            return try Int.fetchOne(statement, arguments: [cutoff.milliseconds]) ?? 0
        }
    }

    func publishAgain(_ id: RequestID, at now: Date) async throws(StoreError) -> Republication {
        try await write { database in
            guard let request = try Self.fetch(id, database) else { return .unknown }
            guard case .inProgress = request.job else { return .settled(request.job) }
            var event: EventMessage
            do { event = try request.lastEvent() } catch {
                throw StoreError(code: .unreadable, detail: "request: \(error)")
            }
            guard let eventID = event.id, let type = event.type else {
                throw StoreError(code: .unreadable, detail: "request")
            }
            // It begins a life of its own, as after a replay: what becomes of it is not what an earlier replay undid.
            for trouble in request.troubles where trouble.messageID == eventID && trouble.resolution != nil {
                let replays = (trouble.resolution?.replays ?? 0) + 1
                event.headers[DeliveryHeader.replays(trouble.stage)] = .int(Int64(replays))
            }
            let waiting = try database.cachedStatement(
                sql: """
                    SELECT 1 FROM outbox
                    WHERE json_extract(CAST(headers AS TEXT), '$."\(EventMessage.Header.id)"') = ?
                    """)
            if try Int.fetchOne(waiting, arguments: [eventID.canonical]) != nil {
                return .waiting(eventID: eventID, type)
            }
            let sequence = try Self.insert(
                event, headers: OutboxHeaders.encode(event.headers), at: now, database)
            return .enqueued(
                OutboxEntry(sequence: sequence, message: event, createdAt: Date(milliseconds: now.milliseconds)))
        }
    }

    /// What `StoredRequest.job` calls failed, for a row of `request` that is not told.
    static let isDead = """
        EXISTS (
            SELECT 1 FROM stage_trouble AS trouble WHERE trouble.request_id = request.id
            AND trouble.dead_at IS NOT NULL
            AND (trouble.resolution IS NULL OR trouble.resolution <> '\(DeathResolution.Kind.replayed.rawValue)'
                OR NOT iif(trouble.resolved_replays IS NULL, trouble.resolved_death_at >= trouble.dead_at,
                    trouble.resolved_replays >= trouble.dead_replays))
            AND (trouble.stage = '\(Stage.callback.rawValue)'
                OR (request.decided_at IS NULL AND NOT EXISTS (
                        SELECT 1 FROM review AS asked WHERE asked.request = request.number)
                    AND (trouble.stage = '\(Stage.decision.rawValue)'
                        OR (trouble.stage = '\(Stage.geocode.rawValue)' AND request.geocoded_at IS NULL))))
        )
        """

    /// Whether a person has been asked about a row of `request` that is not told, and nothing is decided.
    static let isAsked = """
        (request.decided_at IS NULL AND EXISTS (SELECT 1 FROM review AS asked WHERE asked.request = request.number))
        """

    /// What `StoredRequest.job` calls in review, for a row of `request` that is not told.
    static let isInReview = "(\(isAsked) AND NOT \(isDead))"
}

/// How many requests of a provider are where. Each is in exactly one of the four places.
struct RequestCounts: Sendable, Equatable {
    var provider: String
    /// All that were ever answered with 202.
    var accepted: Int
    /// Whose answer the partner has taken.
    var told: Int
    /// Under way.
    var pending: Int
    /// Waiting for a person of the organisation to decide: no queue has them.
    var review: Int
    /// Given up by a stage, and waiting for an operator or discarded by one.
    var dead: Int
}

/// A request that is under way.
struct PendingRequest: Sendable, Equatable, Encodable {
    var id: RequestID
    var provider: String
    /// Whose turn it is.
    var stage: Stage
    /// When the last thing happened to it, or is to happen: a request that waits for its next attempt moves then.
    var movedAt: Date
    /// Whether an event of it waits to be published.
    var isInOutbox: Bool
}

/// What became of a wish to publish a request's event once more.
enum Republication: Sendable, Equatable {
    /// It is in the outbox, and the relay has to be told.
    case enqueued(OutboxEntry)
    /// The same event waits in the outbox already.
    case waiting(eventID: UUID, EventType)
    /// The request is not under way: it is told, dead, or waits for a person.
    case settled(JobState)
    /// There is no such request.
    case unknown
}
