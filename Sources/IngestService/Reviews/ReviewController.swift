import AdminAPI
import Contracts
import HTTPListener
import HTTPTypes
import HummingbirdCore
import Logging
import ServiceRuntime

import struct Foundation.Date

/// What an operator sees of the reviews, and decides in place of an organisation's staff.
struct ReviewController: Sendable {
    var access: StoreAccess
    var bodies = RequestBodyReader(limit: 16384)
    var decider: ReviewDecider
    var now: @Sendable () -> Date

    @Sendable func list(_ asked: AdminQuestion<ListReviews>) async throws -> ReviewPage {
        let query = asked.query
        let (found, figures) = try await access.ask(.operate, asked.logger) { store in
            (
                // One more than asked for tells whether there is a next page.
                try await store.openReviews(
                    after: query.after.flatMap(ReviewCursor.init), limit: query.limit + 1),
                try await store.reviewFigures(at: now())
            )
        }
        let page = found.prefix(query.limit)
        let next =
            found.count > query.limit
            ? page.last.flatMap { last in
                last.openReview.map { ReviewCursor(deadline: $0.deadline, id: last.id).description }
            } : nil
        return ReviewPage(
            open: figures.open, overdue: figures.overdue, reviews: page.compactMap(ReviewPage.Entry.init), next: next)
    }

    @Sendable func decide(_ asked: AdminQuestion<DecideReview>) async throws -> DecideReview.Answer {
        let body = try DecideReview.Body(parsing: try await bodies.read(asked.request))
        let verdict = ReviewVerdict(
            answer: body.decision, note: body.note, by: body.by, at: Timestamp.truncate(now()),
            traceParent: TraceParent.from(asked.request.headers[.traceParent]))
        let (decided, isNew) = try await access.ask(.operate, asked.logger) { store in
            try await decider.decide(asked.subject, verdict, in: store, asked.logger)
        }
        return DecideReview.Answer(id: asked.subject, decision: decided.decision?.fact, decided: isNew)
    }
}

extension ReviewPage.Entry {
    fileprivate init?(_ request: StoredRequest) {
        guard let open = request.openReview else { return nil }
        self.init(
            id: request.id, provider: request.provider.id, organization: request.provider.organization,
            acceptedAt: request.acceptedAt, review: ReviewView(open, forStaff: true))
    }
}

extension DecideReview.Body {
    /// Characters.
    private static let longestName = 128

    /// - Throws: `Problem` with status 400 when the bytes are not JSON, with 422 when members are missing or cannot be.
    init(parsing bytes: [UInt8]) throws(Problem) {
        let object = try JSONObject(body: bytes)
        func text(_ key: CodingKeys) -> String? {
            if case .string(let text) = object[key.stringValue] { text } else { nil }
        }
        var errors: [FieldError] = []
        let answer = text(.decision).flatMap(ReviewAnswer.init)
        if answer == nil {
            errors.append(FieldError(pointer: "/decision", detail: "must be accept or decline", code: .notAllowed))
        }
        let by = text(.by).flatMap { $0.utf8.count <= 12 * Self.longestName ? NormalText.of($0) : nil } ?? ""
        if by.isEmpty || by.count > Self.longestName || by.unicodeScalars.contains(where: NormalText.isForbidden) {
            errors.append(
                FieldError(
                    pointer: "/by", detail: "must be 1 to \(Self.longestName) printable characters", code: .format))
        }
        let note = text(.note)
        if let error = note.flatMap(RequestPatch.check(note:)) { errors.append(error) }
        guard errors.isEmpty, let answer else { throw .invalid(errors) }
        self.init(decision: answer, by: by, note: note)
    }
}

extension ReviewView {
    /// - Parameter forStaff: whether the organisation or an operator asks.
    init(_ review: Recorded<ReviewQuestion>, forStaff: Bool) {
        if forStaff {
            self.init(review.fact, requestedAt: review.at)
        } else {
            self.init(requestedAt: review.at, reason: review.reason.rawValue, deadline: review.deadline)
        }
    }
}
