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
        let (found, figures) = try await access.ask(context) { store async throws(StoreError) in
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

    /// `POST /admin/reviews/{id}` with an `OperatorVerdict`: 200 with the decision; 409 when it is decided otherwise, or nobody
    /// was asked.
    @Sendable func decide(_ request: Request, context: some RequestContext) async throws -> Response {
        guard let id = context.parameters.get("id").flatMap(Contracts.RequestID.init) else { throw Problem.notFound }
        let body = try OperatorVerdict.parse(try await bodies.read(request))
        let verdict = ReviewVerdict(
            answer: body.answer, note: body.note, by: body.by, at: Timestamp.truncate(now()),
            traceParent: TraceParent.from(request.headers[.traceParent]))
        do {
            let (decided, isNew) = try await decider.decide(id, verdict, context.logger)
            return Response(
                status: .ok, json: Decided(id: id, decision: decided.decision.map(DecisionView.init), decided: isNew))
        } catch let error as StoreError {
            return try await access.ask(context) { _ async throws(StoreError) in throw error }
        }
    }

    private struct Decided: Encodable {
        var id: Contracts.RequestID
        var decision: DecisionView?
        /// Whether it was decided now, or so before.
        var decided: Bool
    }
}
