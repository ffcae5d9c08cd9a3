import Contracts
import Foundation
import Testing

@testable import IngestService

/// Query plans.
@Suite(.serialized)
struct QueryPlanTests {
    /// Whose question it is, and by what it names them.
    static let scopes: [RequestFilter] = {
        let (provider, organization) = ("portal", "relief-org")
        return [
            RequestFilter(provider: provider), RequestFilter(organization: organization),
            RequestFilter(tenant: .provider, provider: provider, organization: organization),
            RequestFilter(tenant: .organization, provider: provider, organization: organization),
        ]
    }()

    /// Every combination of conditions. None goes through the rows of others: the index begins with whose they are.
    @Test(arguments: scopes)
    func aListGoesAlongTheTenantsOwnRows(_ scope: RequestFilter) async throws {
        let tenant = scope.tenant == .organization || scope.provider == nil ? "organization" : "provider"
        let selections = combinations(scope).map { RequestSelection($0, before: Fixture.id(), .sqlite) }
        #expect(Set(selections.map(\.sql)).count > 500)
        try await withSQLiteStore { store, _ in
            let plans = try await store.read { transaction in
                try selections.map { selection in
                    try transaction.rows("EXPLAIN QUERY PLAN \(selection.sql)", selection.values) { row in
                        try row["detail"] as String
                    }
                }
            }
            for plan in plans {
                let isOwn = plan.contains {
                    $0.hasPrefix("SEARCH request USING INDEX request_") && $0.contains("(\(tenant)=?")
                }
                let isInOrder = !plan.contains { $0.hasPrefix("SCAN") || $0.contains("TEMP B-TREE") }
                #expect(isOwn && isInOrder, "\(plan)")
            }
        }
    }

    private func combinations(_ scope: RequestFilter) -> [RequestFilter] {
        var filters = [scope]
        func vary<Value>(_ path: WritableKeyPath<RequestFilter, Value?>, _ values: [Value]) {
            filters = filters.flatMap { filter in
                [filter]
                    + values.map { value in
                        var filter = filter
                        filter[keyPath: path] = value
                        return filter
                    }
            }
        }
        vary(\.state, ["TX"])
        vary(\.county, ["48201"])
        vary(\.decision, RequestFilter.Decided.allCases)
        vary(\.job, RequestFilter.Job.allCases)
        vary(\.status, [.new, .scheduled])
        vary(\.from, [Fixture.now])
        vary(\.to, [Fixture.now + 60])
        return filters
    }
}
