import Contracts
import GRDB

import struct Foundation.Date

extension SQLiteRequestStore {
    /// Two at once take their turns: the second one sees what the first one decided.
    func decideReview(of id: RequestID, _ verdict: ReviewVerdict) async throws(StoreError) -> ReviewOutcome {
        try await write { database in
            guard var request = try Self.fetch(id, database), verdict.concerns(request) else { return .unknown }
            guard verdict.precondition(request) else { return .preconditionFailed }
            guard let review = request.openReview else {
                if request.decision?.reason == verdict.answer.reason { return .unchanged(request) }
                return request.decision != nil || request.receipt != nil ? .decidedOtherwise(request) : .notAsked
            }
            request.decision = Decision(verdict.answer, on: review, at: verdict.at)
            let entry = try Self.write(request, verdict.by, verdict.note, verdict.traceParent, database)
            return .decided(request, entry)
        }
    }

    /// A review that cannot be read or written is left as it is, and the others are decided all the same.
    func decideOverdueReviews(
        at now: Date, after place: OverdueReviews.Place?, limit: Int
    ) async throws(StoreError) -> OverdueReviews {
        try await write { database in
            let statement = try database.cachedStatement(
                sql: """
                    SELECT request, review_deadline, (SELECT id FROM request WHERE number = review.request) AS id
                    FROM review INDEXED BY review_by_deadline
                    WHERE review_closed_at IS NULL AND review_deadline <= ?1 AND review_deadline >= ?2
                        AND (review_deadline, request) > (?2, ?3)
                    ORDER BY review_deadline, request LIMIT ?4
                    """)
            let rows = try Row.fetchAll(
                statement,
                arguments: [now.milliseconds, place?.deadline ?? .min, place?.number ?? .min, limit])
            var found = OverdueReviews()
            for row in rows {
                let number: Int64 = row["request"]
                found.next = rows.count == limit ? .init(deadline: row["review_deadline"], number: number) : nil
                do {
                    try database.inSavepoint {
                        if let entry = try Self.decide(number, row["id"], at: now, database) {
                            found.entries.append(entry)
                        }
                        return .commit
                    }
                } catch let error as StoreError where error.code == .unreadable {
                    found.unreadable.append((row["id"] as String? ?? "number \(number)", error))
                }
            }
            return found
        }
    }

    /// - Returns: the event; `nil` when the rules have decided it after all.
    private static func decide(_ number: Int64, _ id: String?, at now: Date, _ database: Database) throws
        -> OutboxEntry?
    {
        guard let id else {
            try close(number, at: now, database)
            return nil
        }
        guard let requestID = RequestID(id) else { throw StoreError(code: .unreadable, detail: "request.id") }
        guard var request = try fetch(requestID, database), let review = request.openReview else {
            try close(number, at: now, database)
            return nil
        }
        request.decision = Decision(overdue: review, at: now)
        return try write(request, "the deadline", nil, TraceParent.from(nil), database)
    }

    /// Writes the decision that a request has got in its review.
    private static func write(
        _ request: StoredRequest, _ by: String, _ note: String?, _ traceParent: String, _ database: Database
    ) throws -> OutboxEntry {
        guard let decision = request.decision else { throw StoreError(code: .unreadable, detail: "request") }
        try apply(decision, to: request.id, at: decision.at, database)
        let numbers = try database.cachedStatement(sql: "SELECT number FROM request WHERE id = ?")
        if let number = try Int64.fetchOne(numbers, arguments: [request.id.description]) {
            try close(number, at: decision.at, database)
        }
        let event: EventMessage
        do { event = try request.decidedEvent(traceParent: traceParent) } catch {
            throw StoreError(code: .unreadable, detail: "request: \(error)")
        }
        let noted = TimelineEntry(
            at: decision.at, name: event.id?.canonical ?? "", kind: .reviewed, stage: .decision,
            detail: "\(decision.acceptance ? "accepted" : "declined") by \(by)", note: note)
        try Self.note(noted, of: request.id, database)
        return try enqueue(event, at: decision.at, database)
    }

    private static func close(_ number: Int64, at now: Date, _ database: Database) throws {
        try database.cachedStatement(sql: "UPDATE review SET review_closed_at = ? WHERE request = ?")
            .execute(arguments: [now.milliseconds, number])
    }

    func nextReviewDeadline(after now: Date?) async throws(StoreError) -> Date? {
        try await read { database in
            let statement = try database.cachedStatement(
                sql: """
                    SELECT review_deadline FROM review INDEXED BY review_by_deadline
                    WHERE review_closed_at IS NULL AND review_deadline > ? ORDER BY review_deadline LIMIT 1
                    """)
            return try Int64.fetchOne(statement, arguments: [now?.milliseconds ?? .min]).map(Date.init(milliseconds:))
        }
    }

    /// Rows of `review` that are open, joined with their requests.
    private static let open = """
        review INDEXED BY review_by_deadline CROSS JOIN request ON request.number = review.request
        """
    private static let isOpen = """
        review_closed_at IS NULL AND told_at IS NULL AND \(isInReview)
        """

    func openReviews(after: ReviewCursor?, limit: Int) async throws(StoreError) -> [StoredRequest] {
        try await read { database in
            let statement = try database.cachedStatement(
                sql: """
                    SELECT * FROM \(Self.open) CROSS JOIN person USING (number)
                    WHERE \(Self.isOpen) AND review_deadline >= ?1 AND (review_deadline, id) > (?1, ?2)
                    ORDER BY review_deadline, id
                    """)
            let arguments: StatementArguments = [
                after?.deadline.milliseconds ?? .min, after?.id.description ?? "",
            ]
            return try requests(statement, arguments, limit: limit, database)
        }
    }

    func reviewFigures(at now: Date) async throws(StoreError) -> ReviewFigures {
        try await read { database in
            let statement = try database.cachedStatement(
                sql: """
                    SELECT count(*) AS count, min(review_at) AS oldest,
                        coalesce(sum(review_deadline < ?1), 0) AS overdue
                    FROM \(Self.open) WHERE \(Self.isOpen)
                    """)
            guard let row = try Row.fetchOne(statement, arguments: [now.milliseconds]) else { return ReviewFigures() }
            return ReviewFigures(
                open: row["count"], oldest: (row["oldest"] as Int64?).map(Date.init(milliseconds:)),
                overdue: row["overdue"])
        }
    }

    /// The newest one counts. DecisionService asks again when its stage runs again; what comes twice keeps its first
    /// deadline.
    static func apply(_ review: Review, to id: RequestID, at now: Date, _ database: Database) throws {
        try database.cachedStatement(
            sql: """
                INSERT INTO review (request, review_at, review_reason, review_proposal, review_rule,
                    review_coverage_version, review_precision, review_explanation, review_deadline, review_fallback)
                SELECT number, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10 FROM request WHERE id = ?1 AND expired_at IS NULL
                ON CONFLICT (request) DO UPDATE SET review_at = excluded.review_at,
                    review_reason = excluded.review_reason, review_proposal = excluded.review_proposal,
                    review_rule = excluded.review_rule, review_coverage_version = excluded.review_coverage_version,
                    review_precision = excluded.review_precision, review_explanation = excluded.review_explanation,
                    review_deadline = excluded.review_deadline, review_fallback = excluded.review_fallback
                WHERE review_at < excluded.review_at
                """
        ).execute(arguments: [
            id.description, review.at.milliseconds, review.reason.rawValue, review.proposal, review.rule,
            review.coverageVersion, review.precision?.rawValue, review.explanation, review.deadline.milliseconds,
            review.fallback,
        ])
        try move(id, at: now.milliseconds, database)
    }
}

/// How many reviews wait for a person.
struct ReviewFigures: Sendable, Equatable {
    var open = 0
    /// When the one was asked for that waits longest; `nil` when none waits.
    var oldest: Date?
    /// Those whose deadline has passed. More than none for longer than a moment means that nothing decides them.
    var overdue = 0
}

/// What became of reviews whose deadline has passed.
struct OverdueReviews: Sendable {
    /// A place among them, in the order of their deadlines.
    struct Place: Sendable, Equatable {
        var deadline: Int64
        var number: Int64
    }

    /// The events of those that were decided.
    var entries: [OutboxEntry] = []
    /// Requests that could not be read, and why: they are left as they are.
    var unreadable: [(request: String, error: StoreError)] = []
    /// Where to go on; `nil` when there are no more.
    var next: Place?
}
