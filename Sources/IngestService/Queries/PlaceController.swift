import AdminAPI
import Contracts
import HTTPListener
import Hummingbird
import ServiceRuntime

/// Where past requests are, for those who think about another coverage.
struct PlaceController: Sendable {
    var access: StoreAccess

    func register(on group: RouterGroup<BasicRequestContext>) { group.serve(ListPlaces.self, places) }

    @Sendable func places(_ asked: AdminQuestion<ListPlaces>) async throws -> ListPlaces.Answer {
        let query = asked.query
        let found = try await access.ask(.operate, asked.logger) { store in
            try await store.requests(
                acceptedSince: query.since, of: query.organization, after: query.after, limit: query.limit + 1)
        }
        let page = found.prefix(query.limit)
        return ListPlaces.Answer(
            places: page.map(RequestPlace.init), next: found.count > query.limit ? page.last?.id : nil)
    }
}

extension RequestPlace {
    init(_ request: StoredRequest) {
        self.init(
            id: request.id, organization: request.provider.organization, provider: request.provider.id,
            acceptedAt: request.acceptedAt, state: request.submission.address.state.uppercased(),
            zip: String(request.submission.address.zip.prefix(5)), regionCode: request.submission.regionCode,
            geocoding: request.geocoding?.fact, decision: request.decision.map { Decided($0.fact, at: $0.at) })
    }
}
