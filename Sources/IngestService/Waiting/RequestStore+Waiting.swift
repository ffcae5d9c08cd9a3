import Contracts

import struct Foundation.Date

/// Callbacks that wait: requests whose partner has not taken the newest that there is to tell, and which was not given
/// up.
struct WaitingCallbacks: Sendable {
    /// How many there are of a partner whose last attempt came to the same.
    struct Count: Sendable, Equatable {
        var provider: String
        /// `nil` for those that wait for their first attempt.
        var code: String?
        var count: Int
        var oldest: Date
    }

    /// The oldest first, with their attempts and without the rest of their story.
    var jobs: [StoredJob]
    /// The next page has what is younger than this one; `nil` when there is none.
    var next: RequestID?
    /// `nil` unless they were asked for.
    var counts: [Count]?
    var endpoints: [String: DegradedEndpoint]
    /// Whether the partner that was asked for has ever sent anything.
    var isKnown = false

    /// Whether there are more than are counted.
    var isCut: Bool { counts.map { $0.reduce(0) { $0 + $1.count } >= RequestStore.mostWaitingCounted } ?? false }
}

extension RequestStore {
    /// How many callbacks that wait are counted: more than that, and the counts are "at least".
    static let mostWaitingCounted = 100_000

    /// - Parameters:
    ///   - provider: whose; `nil` for everybody's.
    ///   - after: only what is younger than this one.
    ///   - limit: how many at most.
    ///   - counts: whether all are counted, too.
    func waiting(
        of provider: String?, after: RequestID?, limit: Int, counts: Bool
    ) async throws(StoreError) -> WaitingCallbacks {
        try await read { transaction in
            let endpoints = try transaction.degradedEndpoints()
            // One more than asked for tells whether there is a next page.
            let ids = try transaction.waiting(of: provider, after: after, limit: limit + 1)
            let shown = Array(ids.prefix(limit))
            var found = WaitingCallbacks(
                jobs: try transaction.jobsOfCallbacks(shown, endpoints), next: ids.count > limit ? shown.last : nil,
                endpoints: endpoints)
            if counts { found.counts = try transaction.waitingCounts(of: provider, limit: Self.mostWaitingCounted) }
            if let provider {
                let one: Int? = try transaction.value("SELECT 1 FROM request WHERE provider = ? LIMIT 1", [provider])
                found.isKnown = one != nil
            }
            return found
        }
    }
}

extension StoreTransaction {
    /// Where they are found: the answer by what is not told, a later step by what is not taken. Each row is in one of
    /// the two.
    private func places(
        of provider: String?
    ) -> [(table: String, condition: String, values: StoreValues)] {
        let (owner, values): (String, StoreValues) = provider.map { ("provider = ? AND ", [$0]) } ?? ("", [])
        let isToTell = """
            coalesce(status_changed_at, decided_at) IS NOT NULL
            AND sequence > coalesce(newest_told_sequence, 0) AND sequence > coalesce(told_sequence, 0)
            AND NOT \(JobCondition.isGivenUp)
            """
        return [
            (
                dialect.along(provider == nil ? "request_untold" : "request_untold_by_provider", of: "request"),
                "\(owner)told_at IS NULL AND \(isToTell)", values
            ),
            (
                dialect.along("request_untaken", of: "request"),
                "\(owner)told_at IS NOT NULL AND \(RequestStore.isChangedAndUntaken) AND \(isToTell)", values
            ),
        ]
    }

    /// The oldest first.
    fileprivate func waiting(of provider: String?, after: RequestID?, limit: Int) throws -> [RequestID] {
        var found: [RequestID] = []
        for place in places(of: provider) {
            found += try rows(
                "SELECT id FROM \(place.table) WHERE \(place.condition) AND id > ? ORDER BY id LIMIT ?",
                place.values + [after?.description ?? "", limit]
            ) { try $0["id"] }
        }
        return Array(found.sorted { $0.description < $1.description }.prefix(limit))
    }

    fileprivate func waitingCounts(of provider: String?, limit: Int) throws -> [WaitingCallbacks.Count] {
        // As `StoredJob.notification` has the last error: of the attempts at the newest; where none is known, what the
        // stage said of the answer. One that the stage gave back untried has no attempt behind it.
        let code = """
            coalesce((
                SELECT tried.error_code FROM timeline AS tried
                WHERE tried.request = request.number AND tried.kind = '\(TimelineEntry.Kind.attempted.rawValue)'
                    AND tried.sequence = request.sequence
                ORDER BY tried.at DESC, tried.entry DESC LIMIT 1
            ), CASE WHEN request.sequence = 1 THEN (
                SELECT trouble.retry_code FROM stage_trouble AS trouble
                WHERE trouble.request_id = request.id AND trouble.stage = '\(Stage.callback.rawValue)'
                    AND trouble.retry_attempt > 0
                    AND (trouble.dead_at IS NULL OR trouble.retry_replays > trouble.dead_replays)
                ORDER BY trouble.retry_at DESC, trouble.retry_attempt DESC LIMIT 1
            ) END)
            """
        var counts: [WaitingCallbacks.Count] = []
        var left = limit
        for place in places(of: provider) where left > 0 {
            let found = try rows(
                """
                SELECT provider, code, count(*) AS count, min(since) AS oldest FROM (
                    SELECT provider, coalesce(status_changed_at, decided_at) AS since, \(code) AS code
                    FROM \(place.table) WHERE \(place.condition) LIMIT ?
                ) AS waiting GROUP BY provider, code
                """, place.values + [left]
            ) { row in
                WaitingCallbacks.Count(
                    provider: try row["provider"], code: try row["code"], count: try row["count"],
                    oldest: try row["oldest"])
            }
            left -= found.reduce(0) { $0 + $1.count }
            counts += found
        }
        return counts
    }

    /// The endpoints that are left alone, by provider.
    func degradedEndpoints() throws -> [String: DegradedEndpoint] {
        var endpoints: [String: DegradedEndpoint] = [:]
        try forEachRow(
            """
            SELECT * FROM endpoint WHERE degraded_since IS NOT NULL
                AND (recovered_from IS NULL OR recovered_from < degraded_since) LIMIT 1000
            """, []
        ) { row in
            endpoints[try row["provider"]] = try DegradedEndpoint(row)
            return true
        }
        return endpoints
    }

    /// The requests with these ids, in their order, each with the attempts to tell its partner and nothing else of its
    /// timeline: a few statements for all of them together.
    fileprivate func jobsOfCallbacks(
        _ ids: [RequestID], _ endpoints: [String: DegradedEndpoint]
    ) throws -> [StoredJob] {
        var entries: [RequestID: [TimelineEntry]] = [:]
        for start in stride(from: 0, to: ids.count, by: 250) {
            let part = StoreValues(ids[start..<min(start + 250, ids.count)].map(\.storeValue))
            let places = Array(repeating: "?", count: part.all.count).joined(separator: ", ")
            try forEachRow(
                """
                SELECT timeline.*, request.id AS of_request
                FROM request JOIN timeline ON timeline.request = request.number
                WHERE request.id IN (\(places)) AND timeline.kind IN ('\(TimelineEntry.Kind.attempted.rawValue)',
                    '\(TimelineEntry.Kind.delivered.rawValue)')
                ORDER BY timeline.at, timeline.entry
                """, part
            ) { row in
                entries[try row["of_request"], default: []].append(try TimelineEntry(row))
                return true
            }
        }
        return try requests(ids).map { request in
            StoredJob(
                request: request, timeline: entries[request.id] ?? [], endpoint: endpoints[request.provider.id])
        }
    }
}
