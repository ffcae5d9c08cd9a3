import AdminAPI
import Contracts

import struct Foundation.Date

/// Where requests are, as the console shows it: all of one moment.
struct FlowFigures: Sendable, Equatable {
    /// A stage's part of what is under way.
    struct Part: Sendable, Equatable {
        var waiting = 0
        /// Of these, how many wait for their next attempt.
        var retrying = 0
        /// Since when the one waits that waits longest.
        var oldest: Date?
        /// Messages that were given up and wait for an operator.
        var dead = 0
    }

    /// How long stages took, seconds, of those that were told last.
    struct Pace: Sendable, Equatable {
        var median: Double
        var slow: Double

        /// - Returns: `nil` for no times at all.
        init?(_ seconds: [Double]) {
            guard !seconds.isEmpty else { return nil }
            let sorted = seconds.sorted()
            median = sorted[(sorted.count - 1) / 2]
            slow = sorted[min(sorted.count - 1, Int(clamping: (Double(sorted.count) * 0.95).rounded(.up)) - 1)]
        }
    }

    var at: Date
    var counts: [RequestCounts]
    var parts: [Stage: Part]
    var paces: [Stage: Pace]
    var whole: Pace?
    var outbox: OutboxStatus
    var reviews: ReviewFigures
    /// Requests that are told, but for their newest step: its partner has not taken it yet.
    var untakenSteps = 0

    var accepted: Int { counts.reduce(0) { $0 + $1.accepted } }
    var told: Int { counts.reduce(0) { $0 + $1.told } }
    var pending: Int { counts.reduce(0) { $0 + $1.pending } }
    var review: Int { counts.reduce(0) { $0 + $1.review } }
    var dead: Int { counts.reduce(0) { $0 + $1.dead } }
}

extension RequestStore {
    /// How many of those that were told last say how long stages take.
    private static let sampled = 500

    func flow(at now: Date) async throws(StoreError) -> FlowFigures {
        let outbox = try await outboxStatus()
        let reviews = try await reviewFigures(at: now)
        let groups = try await deadLetterGroups(DeadLetterFilter())
        let base = tally.current
        return try await read { transaction in
            var figures = FlowFigures(
                at: now, counts: try transaction.requestCounts(beyond: base).counts, parts: [:], paces: [:],
                outbox: outbox,
                reviews: reviews)
            let parts = try transaction.rows(
                """
                SELECT CASE WHEN decided_at IS NOT NULL THEN 'callback' WHEN geocoded_at IS NOT NULL THEN 'decision'
                        ELSE 'geocode' END AS stage, count(*) AS waiting, min(accepted_at) AS oldest,
                    count(*) FILTER (WHERE EXISTS (SELECT 1 FROM stage_trouble AS trouble
                        WHERE trouble.request_id = request.id AND trouble.retry_next_at > ?1)) AS retrying
                FROM \(transaction.dialect.along("request_untold", of: "request"))
                WHERE told_at IS NULL AND NOT \(JobCondition.isFailed) AND NOT \(JobCondition.isInReview)
                GROUP BY 1
                """, [now]
            ) { row in
                (
                    stage: try row["stage"] as Stage,
                    part: FlowFigures.Part(
                        waiting: try row["waiting"], retrying: try row["retrying"], oldest: try row["oldest"])
                )
            }
            for (stage, part) in parts { figures.parts[stage] = part }
            figures.untakenSteps = try transaction.untakenSteps()
            for group in groups { figures.parts[group.stage, default: .init()].dead += group.count }
            let times = try transaction.rows(
                """
                SELECT accepted_at, geocoded_at, decided_at, told_at FROM request
                WHERE told_at IS NOT NULL ORDER BY number DESC LIMIT \(Self.sampled)
                """
            ) { row in
                [try row["accepted_at"], try row["geocoded_at"], try row["decided_at"], try row["told_at"]] as [Int64?]
            }
            func pace(_ from: Int, _ to: Int) -> FlowFigures.Pace? {
                FlowFigures.Pace(
                    times.compactMap { times in
                        guard let start = times[from], let end = times[to] else { return nil }
                        return Double(max(0, end - start)) / 1000
                    })
            }
            figures.paces = [:]
            for (index, stage) in [Stage.geocode, .decision, .callback].enumerated() {
                figures.paces[stage] = pace(index, index + 1)
            }
            figures.whole = pace(0, 3)
            return figures
        }
    }
}

extension StoreTransaction {
    /// Requests whose answer is told, and whose partner has not taken the newest step, which was not given up.
    fileprivate func untakenSteps() throws -> Int {
        try value(
            """
            SELECT count(*) FROM \(dialect.along("request_untaken", of: "request"))
            WHERE told_at IS NOT NULL AND \(RequestStore.isChangedAndUntaken) AND NOT \(JobCondition.isGivenUp)
            """) ?? 0
    }
}
