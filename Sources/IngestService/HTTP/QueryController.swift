import Contracts
import HTTPTypes
import Hummingbird
import Logging

/// `GET` of jobs and requests. A provider sees its own; what belongs to another is not there.
struct QueryController: Sendable {
    var store: any RequestStore
    var authenticator: Authenticator
    /// Seconds.
    var retryAfter: Int

    /// `GET /api/jobs/{id}`, the asynchronous request-reply pattern: 200 while it is in progress, 303 to the request when
    /// it is completed, 400 when it has failed.
    @Sendable func job(_ request: Request, context: some RequestContext) async throws -> Response {
        let stored = try await find(request, context)
        let view = JobView(stored)
        switch stored.job {
        case .inProgress:
            return Response(status: .ok, json: view, headers: [.retryAfter: String(retryAfter)])
        case .completed:
            return Response(status: .seeOther, json: view, headers: [.location: APIPath.request(stored.id)])
        case .failed(let stage, let death):
            throw Problem.failed(view, JobView.Failure(stage, death, stored.troubles[stage]?.currentDiscard))
        }
    }

    /// `GET /api/requests/{id}`
    @Sendable func request(_ request: Request, context: some RequestContext) async throws -> Response {
        Response(status: .ok, json: RequestView(try await find(request, context)))
    }

    /// `GET /api/requests?limit=&cursor=`: the provider's requests, newest first.
    @Sendable func requests(_ request: Request, context: some RequestContext) async throws -> Response {
        let provider = try authenticator.provider(of: request)
        let page = try Page(request.uri.queryParameters)
        let found = try await answer(context) { () async throws(StoreError) in
            try await store.requests(of: provider.id, before: page.before, limit: page.limit + 1)
        }
        // One more than asked for tells whether there is a next page.
        let shown = found.prefix(page.limit)
        let next = found.count > page.limit ? shown.last.map { page.after($0.id) } : nil
        return Response(status: .ok, json: List(requests: shown.map(RequestView.init), next: next))
    }

    private struct List: Encodable {
        var requests: [RequestView]
        /// The next page's path; absent on the last.
        var next: String?
    }

    private func find(_ request: Request, _ context: some RequestContext) async throws -> StoredRequest {
        let provider = try authenticator.provider(of: request)
        guard let id = context.parameters.get("id").flatMap(Contracts.RequestID.init) else { throw Problem.notFound }
        let found = try await answer(context) { () async throws(StoreError) in try await store.request(id) }
        guard let found, found.provider.id == provider.id else { throw Problem.notFound }
        return found
    }

    private func answer<Result>(
        _ context: some RequestContext, _ body: () async throws(StoreError) -> Result
    ) async throws(Problem) -> Result {
        do {
            return try await body()
        } catch {
            context.logger.error("The store could not be read.", metadata: ["error": "\(error)"])
            throw Problem(
                status: .serviceUnavailable, code: "store-unavailable", detail: "The store could not be read.",
                headers: [.retryAfter: String(retryAfter)])
        }
    }
}
