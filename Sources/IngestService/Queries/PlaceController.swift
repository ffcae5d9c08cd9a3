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

    /// `GET /admin/requests/places?since=&organization=&limit=&after=`: requests that were accepted at that time or
    /// later, oldest first.
    @Sendable func places(_ request: Request, context: some RequestContext) async throws -> Response {
        var query = AdminQuery(request.uri.queryParameters)
        let since = query.value("since", "must be a time as in RFC 3339", RFC3339.date)
        let organization = query.value("organization", "must be 1 to 128 characters") { text in
            (1...128).contains(text.count) ? text : nil
        }
        let limit = query.limit()
        let after = query.value("after", "must come from the next of a page", Contracts.RequestID.init)
        try query.check()
        let found = try await access.ask(.operate, context.logger) { store in
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

/// Where a request is and what was decided, without anything about a person: what a change of the coverage is tried on.
struct RequestPlaceView: Sendable, Encodable {
    var id: Contracts.RequestID
    var organization: String
    var provider: String
    var acceptedAt: Date
    /// USPS code of the state that the partner named.
    var state: String
    /// Five digits.
    var zip: String
    var countyFips: String?
    var county: String?
    /// The counties that it may lie in; absent where that is sure.
    var counties: [CountyShare]?
    /// Absent when the place was not found, or not looked for yet.
    var location: GeocodedLocation?
    var conflict: PlaceConflict?
    var regionCode: String?
    /// Whether the place was looked for.
    var geocoded: Bool
    /// Absent as long as nothing is decided.
    var decision: Decided?

    struct Decided: Sendable, Encodable {
        var acceptance: Bool
        var reason: String
        var rule: String?
        var coverageVersion: String
        var at: Date
    }

    init(_ request: StoredRequest) {
        id = request.id
        organization = request.provider.organization
        provider = request.provider.id
        acceptedAt = request.acceptedAt
        state = request.submission.address.state.uppercased()
        zip = String(request.submission.address.zip.prefix(5))
        countyFips = request.geocoding?.countyFIPS
        county = request.geocoding?.county
        counties = request.geocoding.flatMap { $0.counties.isEmpty ? nil : $0.counties }
        location = request.geocoding?.location
        conflict = request.geocoding?.conflict
        regionCode = request.submission.regionCode
        geocoded = request.geocoding != nil
        decision = request.decision.map {
            Decided(
                acceptance: $0.acceptance, reason: $0.reason.rawValue, rule: $0.rule,
                coverageVersion: $0.coverageVersion, at: $0.at)
        }
    }
}
