import Contracts

import struct Foundation.Date

extension RequestStore {
    /// Writes what a review came to, and the event that tells the partner of it, or neither. Of two that decide at once
    /// the first one wins, and the second one learns what that was.
    func decideReview(of id: RequestID, _ verdict: ReviewVerdict) async throws(StoreError) -> ReviewOutcome {
        try await write { transaction in
            try transaction.lock(id)
            guard var request = try transaction.request(id), verdict.concerns(request) else { return .unknown }
            guard verdict.precondition(request) else { return .preconditionFailed }
            guard let review = request.openReview else {
                if request.decision?.reason == verdict.answer.reason { return .unchanged(request) }
                return request.decision != nil || request.receipt != nil ? .decidedOtherwise(request) : .notAsked
            }
            request.decision = Recorded(Decision(verdict.answer, on: review.fact), at: verdict.at)
            try transaction.decide(
                request, by: verdict.by, person: verdict.person, note: verdict.note, traceParent: verdict.traceParent)
            return .decided(request)
        }
    }

    /// Decides reviews whose deadline has passed by what their organisation wants then, each together with its event.
    /// One that cannot be read or written is left as it is, and the others are decided all the same.
    /// - Parameters:
    ///   - now: when that is.
    ///   - after: only what comes behind this one.
    ///   - limit: how many are looked at, at most.
    func decideOverdueReviews(
        at now: Date, after place: OverdueReviews.Place?, limit: Int
    ) async throws(StoreError) -> OverdueReviews {
        try await write { transaction in
            let rows = try transaction.rows(
                """
                SELECT request, review_deadline, (SELECT id FROM request WHERE number = review.request) AS id
                FROM \(transaction.dialect.along("review_by_deadline", of: "review"))
                WHERE review_closed_at IS NULL AND review_deadline <= ?1 AND review_deadline >= ?2
                    AND (review_deadline, request) > (?2, ?3)
                ORDER BY review_deadline, request LIMIT ?4
                """, [now, place?.deadline ?? Int64.min, place?.number ?? Int64.min, limit]
            ) { row in
                (
                    place: OverdueReviews.Place(deadline: try row["review_deadline"], number: try row["request"]),
                    id: try row["id"] as String?
                )
            }
            var found = OverdueReviews()
            for (place, id) in rows {
                found.next = rows.count == limit ? place : nil
                do {
                    try transaction.savepoint {
                        if let decided = try transaction.decideOverdue(place.number, id, at: now) {
                            found.decided.append(decided)
                        }
                    }
                } catch let error as StoreError where error.code == .unreadable {
                    found.unreadable.append((id ?? "number \(place.number)", error))
                }
            }
            return found
        }
    }

    /// The nearest deadline of a review that nobody has decided, passed or not; `nil` when there is none.
    /// - Parameter after: only what is later; `nil` for any.
    func nextReviewDeadline(after now: Date?) async throws(StoreError) -> Date? {
        try await read { transaction in
            try transaction.value(
                """
                SELECT review_deadline FROM \(transaction.dialect.along("review_by_deadline", of: "review"))
                WHERE review_closed_at IS NULL AND review_deadline > ? ORDER BY review_deadline LIMIT 1
                """, [now?.milliseconds ?? Int64.min])
        }
    }

    /// Reviews that wait for a person, the one with the nearest deadline first.
    /// - Parameters:
    ///   - after: only what comes behind this one.
    ///   - limit: how many at most.
    func openReviews(after: ReviewCursor?, limit: Int) async throws(StoreError) -> [StoredRequest] {
        try await read { transaction in
            try requests(
                """
                SELECT * FROM \(transaction.openReviews) \(transaction.dialect.joinInOrder) person USING (number)
                WHERE \(StoreTransaction.isOpen) AND review_deadline >= ?1 AND (review_deadline, id) > (?1, ?2)
                ORDER BY review_deadline, id
                """, [after?.deadline.milliseconds ?? Int64.min, after?.id.description ?? ""], limit: limit,
                in: transaction)
        }
    }

    /// How many wait, and since when.
    func reviewFigures(at now: Date) async throws(StoreError) -> ReviewFigures {
        try await read { transaction in
            try transaction.first(
                """
                SELECT count(*) AS count, min(review_at) AS oldest,
                    count(*) FILTER (WHERE review_deadline < ?1) AS overdue
                FROM \(transaction.openReviews) WHERE \(StoreTransaction.isOpen)
                """, [now]
            ) { row in
                ReviewFigures(open: try row["count"], oldest: try row["oldest"], overdue: try row["overdue"])
            } ?? ReviewFigures()
        }
    }
}

extension StoreTransaction {
    /// Rows of `review` that are open, joined with their requests.
    var openReviews: String {
        """
        \(dialect.along("review_by_deadline", of: "review")) \(dialect.joinInOrder) request
            ON request.number = review.request
        """
    }

    static let isOpen = """
        review_closed_at IS NULL AND told_at IS NULL AND \(JobCondition.isInReview)
        """

    /// - Returns: the request; `nil` when the rules have decided it after all.
    fileprivate func decideOverdue(_ number: Int64, _ id: String?, at now: Date) throws -> RequestID? {
        guard let id else {
            try close(number, at: now)
            return nil
        }
        guard let requestID = RequestID(id) else { throw StoreError(code: .unreadable, detail: "request.id") }
        try lock(requestID)
        guard var request = try request(requestID), let review = request.openReview else {
            try close(number, at: now)
            return nil
        }
        request.decision = Recorded(Decision(overdue: review.fact), at: now)
        try decide(request, by: "the deadline", note: nil, traceParent: TraceParent.from(nil))
        return requestID
    }

    /// Writes the decision that a request has got in its review.
    fileprivate func decide(
        _ request: StoredRequest, by: String, person: StaffMember? = nil, note: String?, traceParent: String
    ) throws {
        guard let decision = request.decision else { throw StoreError(code: .unreadable, detail: "request") }
        try send(decision, of: request.id, at: decision.at)
        let number: Int64? = try value("SELECT number FROM request WHERE id = ?", [request.id])
        if let number { try close(number, at: decision.at) }
        let event = try StoreError.reading("request") { () throws(ContractError) in
            try request.decidedEvent(traceParent: traceParent)
        }
        try self.note(
            TimelineEntry(
                at: decision.at, name: event.id?.canonical ?? "", kind: .reviewed, stage: .decision,
                detail: "\(decision.acceptance ? "accepted" : "declined") by \(by)", note: note,
                person: person?.name), of: request.id)
        if !decision.acceptance, request.assignment != nil { try setOpen(false, request.id) }
        if let person {
            try write(
                AuditEntry(
                    at: decision.at, person: person.email, organization: person.organization, action: .decided,
                    request: request.id, detail: decision.acceptance ? "accepted" : "declined"))
        }
        try enqueue(event, at: decision.at)
    }

    private func close(_ number: Int64, at now: Date) throws {
        try execute("UPDATE review SET review_closed_at = ? WHERE request = ?", [now, number])
    }

    /// The newest one counts. DecisionService asks again when its stage runs again; what comes twice keeps its first
    /// deadline.
    func record(_ review: Recorded<ReviewQuestion>, of id: RequestID, at now: Date) throws -> Bool {
        let isWritten =
            try changes(
                """
                INSERT INTO review (request, review_at, review_reason, review_proposal, review_rule,
                    review_coverage_version, review_precision, review_explanation, review_deadline, review_fallback)
                SELECT number, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10 FROM request WHERE id = ?1 AND expired_at IS NULL
                ON CONFLICT (request) DO UPDATE SET review_at = excluded.review_at,
                    review_reason = excluded.review_reason, review_proposal = excluded.review_proposal,
                    review_rule = excluded.review_rule, review_coverage_version = excluded.review_coverage_version,
                    review_precision = excluded.review_precision, review_explanation = excluded.review_explanation,
                    review_deadline = excluded.review_deadline, review_fallback = excluded.review_fallback,
                    reminded_at = NULL
                WHERE review.review_at < excluded.review_at
                """,
                [
                    id, review.at, review.reason, review.proposal, review.rule, review.coverageVersion,
                    review.precision, review.explanation, review.deadline, review.fallback,
                ]) > 0
        try move(id, at: now.milliseconds)
        return isWritten
    }
}

extension ReviewQuestion {
    static func recorded(_ row: StoreRow) throws(StoreError) -> Recorded<ReviewQuestion>? {
        guard let at: Date = try row["review_at"] else { return nil }
        let question = ReviewQuestion(
            reason: try row["review_reason"], proposal: try row["review_proposal"], rule: try row["review_rule"],
            coverageVersion: try row["review_coverage_version"], precision: try row["review_precision"],
            explanation: try row["review_explanation"], deadline: try row["review_deadline"],
            fallback: try row["review_fallback"])
        return Recorded(question, at: at)
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

    /// Requests that were decided; their events are in the outbox.
    var decided: [RequestID] = []
    /// Requests that could not be read, and why: they are left as they are.
    var unreadable: [(request: String, error: StoreError)] = []
    /// Where to go on; `nil` when there are no more.
    var next: Place?
}

/// A place in the list of reviews, as text `<deadline in milliseconds>.<request's id>`.
struct ReviewCursor: Sendable, Equatable, LosslessStringConvertible {
    var deadline: Date
    var id: RequestID

    init(deadline: Date, id: RequestID) {
        self.deadline = deadline
        self.id = id
    }

    init?(_ description: String) {
        let parts = description.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 2, let milliseconds = Int64(foreign: parts[0]), let id = RequestID(parts[1]) else {
            return nil
        }
        self.init(deadline: Date(milliseconds: milliseconds), id: id)
    }

    var description: String { "\(deadline.milliseconds).\(id)" }
}
