import Contracts
import HTTPListener
import HTTPTypes
import Hummingbird
import Logging

import struct Foundation.Date
import struct Foundation.UUID

/// What operators ask and do about one request.
struct RequestAdminController: Sendable {
    var access: StoreAccess
    var log: LogTruncation
    var now: @Sendable () -> Date

    /// `GET /admin/requests/{id}/attempts`: how often the partner was called, and how it answered.
    @Sendable func attempts(_ request: Request, context: some RequestContext) async throws -> Response {
        let id = try context.requestID()
        let job = try await access.ask(.operate, context.logger) { store in try await store.job(id) }
        guard let job else { throw Problem.notFound }
        return Response(status: .ok, json: AttemptsView(job))
    }

    /// `POST /admin/requests/{id}/resend`: 202 with the event that goes out, 409 when there is nothing to tell yet.
    @Sendable func resend(_ request: Request, context: some RequestContext) async throws -> Response {
        let id = try context.requestID()
        let eventID = UUID()
        let now = Timestamp.truncate(now())
        let outcome = try await access.ask(.operate, context.logger) { store in
            try await store.resend(id, by: eventID, at: now)
        }
        switch outcome {
        case .unknown: throw Problem.notFound
        case .undecided: throw Problem.notDecided
        case .enqueued(let type, let sequence):
            context.logger.notice("An operator has a partner told once more.", metadata: ["request_id": "\(id)"])
            var body = JSONObjectText()
            body.add("eventId", eventID.canonical)
            body.add("eventType", type?.rawValue)
            body.add("sequence", sequence)
            return Response(status: .accepted, bytes: body.bytes(), headers: [:])
        }
    }

    /// `POST /admin/requests/{id}/erase?force=`: 200 with the time, 202 as long as the store's log still has what was
    /// erased; asking again tells. 409 as long as the street is needed to find the place, unless `force` is true.
    @Sendable func erase(_ request: Request, context: some RequestContext) async throws -> Response {
        var query = AdminQuery(request.uri.queryParameters)
        let force = query.value("force", "must be true or false", code: .notAllowed) { Bool($0) } ?? false
        try query.check()
        let id = try context.requestID()
        let now = now()
        let outcome = try await access.ask(.operate, context.logger) { store in
            try await store.erasePersonalData(of: id, force: force, at: now)
        }
        switch outcome {
        case .unknown: throw Problem.notFound
        case .underWay: throw Problem.underWay
        case .erased(let at, let isNew):
            context.logger.notice(
                "An operator has erased a request's personal data.", metadata: ["request_id": "\(id)"])
            let isGone = await log.truncate()
            var body = JSONObjectText()
            body.add("id", id.description)
            body.add("erasedAt", Timestamp.string(at))
            // Whether it was erased now, or before.
            body.add("erased", isNew)
            // Whether older copies are still in the log, from where they go by themselves.
            body.add("pending", !isGone)
            return Response(status: isGone ? .ok : .accepted, bytes: body.bytes(), headers: [:])
        }
    }
}
