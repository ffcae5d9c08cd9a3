import AdminAPI
import Hummingbird
import Logging
import Testing

@testable import IngestService
@testable import ServiceRuntime

/// What is typed is served, and nothing else is.
@Suite struct ServedEndpointsTests {
    @Test func everyEndpointIsServedAndNoOther() async throws {
        try await withSQLiteStore { store, _ in
            let (admin, router) = (AdminRoutes(), Router())
            let log = LogTruncation(store: store, metrics: IngestMetrics(), logger: Logger(label: "test"))
            IngestService.addAdminRoutes(to: admin, store, log, JobWaiters(limit: 1), CallbackPeers([]))
            admin.register(on: router.group(RouterPath(AdminRoute.root)))
            // What every service serves is not of this one.
            let own = AdminCatalogue.routes(of: .ingest).subtracting(AdminCatalogue.routes(of: .geocode))
            #expect(Set(router.routes.map { "\($0.method) \($0.path)" }) == Set(own.map(\.description)))
            #expect(own.count == 18)
        }
    }
}
