import AdminAPI
import Contracts

import struct Foundation.Date
import struct Foundation.UUID

extension RequestStore {
    /// How many requests are where, all counted at one moment: in one snapshot. What is told is all that is not under
    /// way, in review or dead.
    func requestCounts() async throws(StoreError) -> [RequestCounts] {
        let base = tally.current
        let (counts, recounted) = try await read { try $0.requestCounts(beyond: base) }
        try await advanceTally(recounted)
        return counts
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
    /// - Parameter base: what was counted before.
    /// - Returns: also how many were counted anew.
    func requestCounts(beyond base: RequestTally.Counted) throws -> (counts: [RequestCounts], recounted: Int) {
        var accepted = base.byProvider
        var recounted = 0
        for (provider, count, _) in try sent(beyond: base.upTo) {
            accepted[provider, default: 0] += count
            recounted += count
        }
        let open = try rows(
            """
            SELECT provider, count(*) AS count, count(*) FILTER (WHERE \(JobCondition.isFailed)) AS dead,
                count(*) FILTER (WHERE \(JobCondition.isInReview)) AS review
            FROM \(dialect.along("request_untold", of: "request"))
            WHERE told_at IS NULL GROUP BY provider
            """
        ) { row in
            let (untold, review, dead): (Int, Int, Int) = (try row["count"], try row["review"], try row["dead"])
            let provider: String = try row["provider"]
            return (
                provider,
                RequestCounts(
                    provider: provider, accepted: 0, told: -untold, pending: untold - review - dead, review: review,
                    dead: dead)
            )
        }
        var counts = Dictionary(open) { first, _ in first }
        for (provider, count) in accepted {
            var own =
                counts[provider]
                ?? RequestCounts(provider: provider, accepted: 0, told: 0, pending: 0, review: 0, dead: 0)
            own.accepted += count
            own.told += count
            counts[provider] = own
        }
        return (counts.sorted { $0.key < $1.key }.map(\.value), recounted)
    }
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
