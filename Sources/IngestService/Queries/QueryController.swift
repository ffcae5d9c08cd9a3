import Contracts
import HTTPListener
import HTTPTypes
import Hummingbird
import Logging

import struct Foundation.Date

/// `GET` of jobs and requests. A provider sees its own, staff see their organisation's; what belongs to another is not
/// there.
struct QueryController: Sendable {
    var access: StoreAccess
    var authenticator: Authenticator
    var waiting: JobWaiting
    /// Seconds.
    var retryAfter: @Sendable () -> Int
    var now: @Sendable () -> Date

    /// `GET /api/jobs/{id}`, the asynchronous request-reply pattern: 200 while it is in progress, 303 to the request
    /// when it is completed, 400 when it has failed. 410 when it ended so long ago that it is not kept any more. With
    /// `?redirect=no` it is 200 with the job in each of the three.
    @Sendable func job(_ request: Request, context: some RequestContext) async throws -> Response {
        let caller = try await authenticator.caller(of: request)
        let id = try context.requestID()
        let redirects = try Self.redirects(request)
        let known = ETagCondition(request.headers[values: .ifNoneMatch])
        var answer = JobAnswer(try await job(id, caller, context), for: caller, redirects: redirects, at: now())
        var applied: WaitPreference?
        if let wait = WaitPreference(request.headers[values: .prefer]), answer.isWorthWaiting(known) {
            let first = answer.tag
            let hasWaited = try await waiting.wait(for: id, by: caller, upTo: .seconds(wait.seconds), request) {
                answer = JobAnswer(try await job(id, caller, context), for: caller, redirects: redirects, at: now())
                return answer.tag != first || answer.isFinal
            }
            applied = hasWaited ? wait : nil
        }
        var response = answer.response(known, applied, retryAfter: retryAfter(), at: now())
        // The connection ends with what was waited for, and a client that keeps it must know: its next request would
        // find nobody.
        if applied != nil, waiting.noticesClosedClients { response.headers[.connection] = "close" }
        return response
    }

    /// `GET /api/requests/{id}`
    @Sendable func request(_ request: Request, context: some RequestContext) async throws -> Response {
        let caller = try await authenticator.caller(of: request)
        let id = try context.requestID()
        let found = try await access.ask(.read, context.logger) { try await $0.request(id) }
        guard let found, caller.sees(found) else { throw Problem.unknownRequest }
        let view = RequestView(found, forStaff: caller.isStaff)
        let tag = ETag(of: view)
        if ETagCondition(request.headers[values: .ifNoneMatch])?.matchesWeakly(tag) == true {
            return .notModified(tag)
        }
        return Response(status: .ok, json: view, headers: [.eTag: tag.description])
    }

    /// `GET /api/requests?…`, newest first, see `RequestQuery`; as JSON, CSV or GeoJSON.
    @Sendable func requests(_ request: Request, context: some RequestContext) async throws -> Response {
        let caller = try await authenticator.caller(of: request)
        let format = try RequestListFormat.accepted(by: request)
        let query = try RequestQuery(request.uri.queryParameters)
        guard let filter = query.filter.narrowed(to: caller) else {
            return format.response([], forStaff: caller.isStaff, next: nil)
        }
        let page = try await access.ask(.read, context.logger) { store in
            try await store.requests(filter, before: query.before, limit: query.limit)
        }
        return format.response(page.requests, forStaff: caller.isStaff, next: page.next.map { query.path(after: $0) })
    }

    /// Other parameters are ignored, as they always were.
    /// - Throws: `Problem` with status 400 for any other value.
    private static func redirects(_ request: Request) throws(Problem) -> Bool {
        let values = request.uri.queryParameters.getAll("redirect")
        guard let value = values.first else { return true }
        guard values.count == 1, value == "no" || value == "yes" else {
            throw .badQuery([FieldError(pointer: "redirect", detail: "must be no or yes, once", code: .notAllowed)])
        }
        return value == "yes"
    }

    private func job(
        _ id: Contracts.RequestID, _ caller: Caller, _ context: some RequestContext
    ) async throws -> StoredJob {
        let found = try await access.ask(.read, context.logger) { try await $0.job(id) }
        guard let found, caller.sees(found.request) else { throw Problem.unknownRequest }
        guard found.request.expiredAt == nil else { throw Problem.gone }
        return found
    }
}

extension RequestFilter {
    /// Only what is the caller's business; `nil` when nothing of it is.
    fileprivate func narrowed(to caller: Caller) -> RequestFilter? {
        var filter = self
        switch caller {
        case .provider(let provider):
            guard filter.provider ?? provider.id == provider.id else { return nil }
            filter.provider = provider.id
            filter.tenant = .provider
        case .staff(let staff):
            guard filter.organization ?? staff.organization == staff.organization else { return nil }
            filter.organization = staff.organization
            filter.tenant = .organization
        }
        return filter
    }
}
