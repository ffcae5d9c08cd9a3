import Contracts
import Foundation
import GRDB
import Testing

@testable import IngestService

@Suite("Query plans", .serialized)
struct QueryPlanTests {
    /// Every filter that a caller can ask for alone, beside its own scope.
    static let filters: [RequestFilter] = {
        var filters = [RequestFilter()]
        filters.append(RequestFilter(state: "TX"))
        filters.append(RequestFilter(county: "48201"))
        filters += RequestFilter.Decided.allCases.map { RequestFilter(decision: $0) }
        filters += RequestFilter.Job.allCases.map { RequestFilter(job: $0) }
        filters += OrganizationStatus.allCases.map { RequestFilter(status: $0) }
        filters.append(RequestFilter(from: Fixture.now, to: Fixture.now + 60))
        filters.append(
            RequestFilter(
                state: "TX", county: "48201", decision: .accepted, job: .completed, status: .scheduled,
                from: Fixture.now))
        return filters
    }()

    @Test(arguments: filters)
    func aListGoesAlongAnIndex(_ filter: RequestFilter) async throws {
        try await withSQLiteStore { store, _ in
            for scope in 0..<3 {
                var filter = filter
                if scope != 1 { filter.provider = "portal" }
                if scope != 0 { filter.organization = "relief-org" }
                let selection = RequestSelection(filter, before: Fixture.id(), limit: 50)
                let plan = try await store.pool.read { database in
                    try Row.fetchAll(
                        database, sql: "EXPLAIN QUERY PLAN \(selection.sql)", arguments: selection.arguments
                    ).map { $0["detail"] as String }
                }
                #expect(!plan.contains { $0.hasPrefix("SCAN") || $0.contains("TEMP B-TREE") }, "\(plan)")
                #expect(plan.contains { $0.hasPrefix("SEARCH request USING INDEX request_") }, "\(plan)")
            }
        }
    }
}
