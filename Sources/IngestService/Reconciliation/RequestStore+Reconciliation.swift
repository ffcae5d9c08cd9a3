import Contracts

import struct Foundation.Date
import struct Foundation.UUID

extension RequestStore {
    /// How many requests are where, all counted at one moment: in one statement. What is told is all that is not under
    /// way, in review or dead.
    func requestCounts() async throws(StoreError) -> [RequestCounts] {
        try await read { try $0.requestCounts() }
    }

    /// Requests that are under way, oldest first.
    /// - Parameters:
    ///   - cutoff: only what has not moved since then.
    ///   - after: only what is younger than this one.
    ///   - limit: how many at most.
    func pending(
        notMovedSince cutoff: Date, after: RequestID?, limit: Int
    ) async throws(StoreError) -> [PendingRequest] {
        try await read { transaction in
            try transaction.rows(
                """
                SELECT id, provider, geocoded_at, decided_at, moved_at, CASE WHEN id IN (
                    SELECT \(transaction.dialect.header(EventMessage.Header.subject)) FROM outbox
                ) THEN 1 ELSE 0 END AS is_in_outbox
                FROM \(transaction.dialect.along("request_untold", of: "request"))
                WHERE told_at IS NULL AND id > ?1 AND NOT \(JobCondition.isFailed) AND NOT \(JobCondition.isInReview)
                    AND moved_at < ?2
                ORDER BY id LIMIT ?3
                """, [after?.description ?? "", cutoff, limit]
            ) { row in
                let (geocodedAt, decidedAt): (Date?, Date?) = (try row["geocoded_at"], try row["decided_at"])
                return PendingRequest(
                    id: try row["id"], provider: try row["provider"],
                    stage: decidedAt != nil ? .callback : geocodedAt != nil ? .decision : .geocode,
                    movedAt: try row["moved_at"], isInOutbox: try row["is_in_outbox"])
            }
        }
    }

    /// How many requests are under way that have not moved since then.
    func pendingCount(notMovedSince cutoff: Date) async throws(StoreError) -> Int {
        try await read { transaction in
            try transaction.value(
                """
                SELECT count(*) FROM \(transaction.dialect.along("request_untold", of: "request"))
                WHERE told_at IS NULL AND moved_at < ?1 AND NOT \(JobCondition.isFailed)
                    AND NOT \(JobCondition.isInReview)
                """, [cutoff]) ?? 0
        }
    }

    /// Puts the event of the stage where a request stopped into the outbox once more, unless it is there.
    /// - Parameter now: when that is.
    func publishAgain(_ id: RequestID, at now: Date) async throws(StoreError) -> Republication {
        try await write { transaction in
            try transaction.lock(id)
            guard let request = try transaction.request(id) else { return .unknown }
            guard case .inProgress = request.job else { return .settled(request.job) }
            var event = try StoreError.reading("request") { () throws(ContractError) in try request.lastEvent() }
            guard let eventID = event.id, let type = event.type else {
                throw StoreError(code: .unreadable, detail: "request")
            }
            // It begins a life of its own, as after a replay: what becomes of it is not what an earlier replay undid.
            for trouble in request.stageFailures where trouble.messageID == eventID && trouble.resolution != nil {
                let replays = (trouble.resolution?.replays ?? 0) + 1
                event.headers[DeliveryHeader.replays(trouble.stage)] = .int(Int64(replays))
            }
            let waiting: Int? = try transaction.value(
                "SELECT 1 FROM outbox WHERE \(transaction.dialect.header(EventMessage.Header.id)) = ?", [eventID])
            if waiting != nil { return .waiting(eventID: eventID, type) }
            try transaction.enqueue(event, at: now)
            return .enqueued(eventID: eventID, type)
        }
    }
}

extension StoreTransaction {
    func requestCounts() throws -> [RequestCounts] {
        try rows(
            """
            SELECT every.provider AS provider, every.count AS accepted, coalesce(open.count, 0) AS untold,
                coalesce(open.dead, 0) AS dead, coalesce(open.review, 0) AS review
            FROM (SELECT provider, count(*) AS count FROM request GROUP BY provider) AS every
            LEFT JOIN (
                SELECT provider, count(*) AS count, count(*) FILTER (WHERE \(JobCondition.isFailed)) AS dead,
                    count(*) FILTER (WHERE \(JobCondition.isInReview)) AS review
                FROM \(dialect.along("request_untold", of: "request"))
                WHERE told_at IS NULL GROUP BY provider
            ) AS open ON open.provider = every.provider
            ORDER BY every.provider
            """
        ) { row in
            let (accepted, untold): (Int, Int) = (try row["accepted"], try row["untold"])
            let (review, dead): (Int, Int) = (try row["review"], try row["dead"])
            return RequestCounts(
                provider: try row["provider"], accepted: accepted, told: accepted - untold,
                pending: untold - review - dead, review: review, dead: dead)
        }
    }
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
    /// It is in the outbox.
    case enqueued(eventID: UUID, EventType)
    /// The same event waits in the outbox already.
    case waiting(eventID: UUID, EventType)
    /// The request is not under way: it is told, dead, or waits for a person.
    case settled(JobState)
    /// There is no such request.
    case unknown
}
