import Contracts
import HTTPListener
import HTTPTypes
import Hummingbird
import Logging

import struct Foundation.Date

/// Where the requests are, and how one that is nowhere comes back.
struct ReconciliationController: Sendable {
    var access: StoreAccess
    var now: @Sendable () -> Date

    /// `GET /admin/conservation`: per provider and in total, counted at one moment.
    @Sendable func counts(_ request: Request, context: some RequestContext) async throws -> Response {
        let counts = try await access.ask(.operate, context.logger) { store in try await store.requestCounts() }
        return Response(
            status: .ok,
            json: AllCounts(providers: counts.map { .init($0, provider: $0.provider) }, total: .init(counts)))
    }

    private struct AllCounts: Encodable {
        var providers: [Counts]
        var total: Counts
    }

    private struct Counts: Encodable {
        var provider: String?
        var accepted: Int
        var told: Int
        var pending: Int
        var review: Int
        var dead: Int

        init(_ counts: RequestCounts, provider: String) {
            self.provider = provider
            accepted = counts.accepted
            told = counts.told
            pending = counts.pending
            review = counts.review
            dead = counts.dead
        }

        init(_ all: [RequestCounts]) {
            accepted = all.reduce(0) { $0 + $1.accepted }
            told = all.reduce(0) { $0 + $1.told }
            pending = all.reduce(0) { $0 + $1.pending }
            review = all.reduce(0) { $0 + $1.review }
            dead = all.reduce(0) { $0 + $1.dead }
        }
    }

    /// `GET /admin/pending?olderThan=&limit=&after=`: requests under way that have not moved for so long, oldest first.
    @Sendable func pending(_ request: Request, context: some RequestContext) async throws -> Response {
        var query = AdminQuery(request.uri.queryParameters)
        let cutoff = query.olderThan(now()) ?? now()
        let limit = query.limit()
        let after = query.value("after", "must come from the next of a page", Contracts.RequestID.init)
        try query.check()
        let found = try await access.ask(.operate, context.logger) { store in
            try await store.pending(notMovedSince: cutoff, after: after, limit: limit + 1)
        }
        let page = found.prefix(limit)
        return Response(
            status: .ok, json: Page(pending: Array(page), next: found.count > limit ? page.last?.id : nil))
    }

    private struct Page: Encodable {
        var pending: [PendingRequest]
        /// The `after` of the next page; absent on the last.
        var next: Contracts.RequestID?
    }

    /// `POST /admin/requests/{id}/publish-again`: 202 with the event that goes out once more. 409 when the request is
    /// told, dead or waits for a person: then there is nothing under way.
    @Sendable func publishAgain(_ request: Request, context: some RequestContext) async throws -> Response {
        let id = try context.requestID()
        let now = now()
        let outcome = try await access.ask(.operate, context.logger) { store in
            try await store.publishAgain(id, at: now)
        }
        switch outcome {
        case .unknown: throw Problem.notFound
        case .settled(let job): throw Problem.notUnderWay(job)
        case .waiting(let eventID, let type):
            return Self.response(eventID.canonical, type.rawValue, isNew: false)
        case .enqueued(let eventID, let type):
            context.logger.notice(
                "An operator has a request's event published again.",
                metadata: ["request_id": "\(id)", "event_type": "\(type.rawValue)"])
            return Self.response(eventID.canonical, type.rawValue, isNew: true)
        }
    }

    private static func response(_ id: String, _ type: String, isNew: Bool) -> Response {
        var body = JSONObjectText()
        body.add("eventId", id)
        body.add("eventType", type)
        // Whether it was put into the outbox now, or waited there.
        body.add("enqueued", isNew)
        return Response(status: .accepted, bytes: body.bytes(), headers: [:])
    }
}
