import Contracts
import HTTPListener
import HTTPTypes
import Hummingbird
import Logging

import struct Foundation.Date

/// What an operator sees of the reviews, and decides in place of an organisation's staff.
struct ReviewController: Sendable {
    var access: StoreAccess
    var bodies = RequestBodyReader(limit: 16384)
    var decider: ReviewDecider
    var now: @Sendable () -> Date

    /// `GET /admin/reviews?limit=&after=`: the one with the nearest deadline first.
    @Sendable func list(_ request: Request, context: some RequestContext) async throws -> Response {
        var query = AdminQuery(request.uri.queryParameters)
        let limit = query.limit()
        let after = query.value("after", "must come from the next of a page", ReviewCursor.init)
        try query.check()
        let (found, figures) = try await access.ask(.operate, context.logger) { store in
            (
                // One more than asked for tells whether there is a next page.
                try await store.openReviews(after: after, limit: limit + 1),
                try await store.reviewFigures(at: now())
            )
        }
        let page = found.prefix(limit)
        let next = found.count > limit ? page.last.flatMap(Self.cursor)?.description : nil
        return Response(
            status: .ok,
            json: List(open: figures.open, overdue: figures.overdue, reviews: page.compactMap(Entry.init), next: next))
    }

    private static func cursor(_ request: StoredRequest) -> ReviewCursor? {
        request.openReview.map { ReviewCursor(deadline: $0.deadline, id: request.id) }
    }

    private struct List: Encodable {
        /// On all pages.
        var open: Int
        var overdue: Int
        var reviews: [Entry]
        /// The `after` of the next page; absent on the last.
        var next: String?
    }

    /// Holds nothing personal.
    private struct Entry: Encodable {
        var id: Contracts.RequestID
        var provider: String
        var organization: String
        var acceptedAt: Date
        var review: ReviewView

        init?(_ request: StoredRequest) {
            guard let open = request.openReview else { return nil }
            id = request.id
            provider = request.provider.id
            organization = request.provider.organization
            acceptedAt = request.acceptedAt
            review = ReviewView(open, forStaff: true)
        }
    }

    /// `POST /admin/reviews/{id}` with an `OperatorVerdict`: 200 with the decision; 409 when it is decided otherwise,
    /// or nobody was asked.
    @Sendable func decide(_ request: Request, context: some RequestContext) async throws -> Response {
        let id = try context.requestID()
        let body = try OperatorVerdict.parse(try await bodies.read(request))
        let verdict = ReviewVerdict(
            answer: body.answer, note: body.note, by: body.by, at: Timestamp.truncate(now()),
            traceParent: TraceParent.from(request.headers[.traceParent]))
        let (decided, isNew) = try await access.ask(.operate, context.logger) { store in
            try await decider.decide(id, verdict, in: store, context.logger)
        }
        return Response(status: .ok, json: Decided(id: id, decision: decided.decision?.fact, decided: isNew))
    }

    private struct Decided: Encodable {
        var id: Contracts.RequestID
        var decision: Decision?
        /// Whether it was decided now, or so before.
        var decided: Bool
    }
}

/// What an operator decides in a review: `decision`, `by` and perhaps a `note`.
struct OperatorVerdict: Sendable, Equatable {
    /// Characters.
    static let longestName = 128

    var answer: ReviewAnswer
    /// Who decides.
    var by: String
    var note: String?

    /// - Throws: `Problem` with status 400 when the bytes are not JSON, with 422 when members are missing or cannot be.
    static func parse(_ bytes: [UInt8]) throws(Problem) -> OperatorVerdict {
        let json: JSONValue
        do throws(MalformedJSON) { json = try JSONValue(parsing: bytes) } catch { throw .malformed(error) }
        guard case .object(let object) = json else {
            throw .invalid([FieldError(pointer: "", detail: "must be an object", code: .type)])
        }
        func text(_ name: String) -> String? { if case .string(let text) = object[name] { text } else { nil } }
        var errors: [FieldError] = []
        let answer = text("decision").flatMap(ReviewAnswer.init)
        if answer == nil {
            errors.append(FieldError(pointer: "/decision", detail: "must be accept or decline", code: .notAllowed))
        }
        let by = text("by").flatMap { $0.utf8.count <= 12 * longestName ? NormalText.of($0) : nil } ?? ""
        if by.isEmpty || by.count > longestName || by.unicodeScalars.contains(where: NormalText.isForbidden) {
            errors.append(
                FieldError(pointer: "/by", detail: "must be 1 to \(longestName) printable characters", code: .format))
        }
        let note = text("note")
        if let error = note.flatMap(RequestPatch.check(note:)) { errors.append(error) }
        guard errors.isEmpty, let answer else { throw .invalid(errors) }
        return OperatorVerdict(answer: answer, by: by, note: note)
    }
}

/// That a person is to decide, as the API shows it. What they are asked in detail is for the organisation alone: it is
/// no answer yet.
struct ReviewView: Sendable, Encodable {
    var requestedAt: Date
    var reason: String
    var deadline: Date
    var explanation: String?
    var proposal: Bool?
    var fallback: Bool?
    var rule: String?
    var coverageVersion: String?

    /// - Parameter forStaff: whether the organisation asks.
    init(_ review: Recorded<ReviewQuestion>, forStaff: Bool) {
        requestedAt = review.at
        reason = review.reason.rawValue
        deadline = review.deadline
        guard forStaff else { return }
        explanation = review.explanation
        proposal = review.proposal
        fallback = review.fallback
        rule = review.rule
        coverageVersion = review.coverageVersion
    }
}
