import Contracts
import HTTPListener
import Hummingbird

import struct Foundation.Date

/// Where past requests are, for those who think about another coverage.
struct PlaceController: Sendable {
    var access: StoreAccess

    func register(on group: RouterGroup<BasicRequestContext>) {
        let group = group.group()
        group.add(middleware: ProblemMiddleware())
        group.get("requests/places", use: places)
    }

    /// `GET /admin/requests/places?since=&organization=&limit=&after=`: requests that were accepted at that time or later, oldest
    /// first.
    @Sendable func places(_ request: Request, context: some RequestContext) async throws -> Response {
        var query = AdminQuery(request.uri.queryParameters)
        let since = query.value("since", "must be a time as in RFC 3339", RFC3339.date)
        let organization = query.value("organization", "must be 1 to 128 characters") { text in
            (1...128).contains(text.count) ? text : nil
        }
        let limit = query.limit()
        let after = query.value("after", "must come from the next of a page", Contracts.RequestID.init)
        try query.check()
        let found = try await access.ask(context) { store async throws(StoreError) in
            try await store.requests(acceptedSince: since, of: organization, after: after, limit: limit + 1)
        }
        let page = found.prefix(limit)
        return Response(
            status: .ok,
            json: Page(places: page.map(RequestPlaceView.init), next: found.count > limit ? page.last?.id : nil))
    }

    private struct Page: Encodable {
        var places: [RequestPlaceView]
        /// The `after` of the next page; absent on the last.
        var next: Contracts.RequestID?
    }
}
