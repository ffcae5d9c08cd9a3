import HTTPListener
import HTTPTypes
import ServiceRuntime
import Testing

@testable import IngestService

/// Requests by method, route and status.
@Suite struct RequestMetricsTests {
    /// A client's paths, ids and methods are without number, and the labels' values are not.
    @Test func labelsAreBounded() async throws {
        let registry = PrometheusRegistry()
        try await withSQLiteStore { store, _ in
            try await APIHarness.with(store, requests: RequestMetrics(factory: registry)) { api in
                let id = try #require(try await api.post(try Fixture.json()).id)
                for _ in 1...2 { _ = try await api.get("/api/jobs/\(id)") }
                _ = try await api.get("/api/jobs/01a2005b-68d6-7264-b257-7d30f4518734")
                _ = try await api.get("/some/where/\(id)")
                _ = try await api.send(try #require(HTTPRequest.Method("BREW")), "/else/where")
            }
        }
        let counts = registry.render().split(separator: "\n").filter {
            $0.hasPrefix("http_server_request_duration_seconds_count")
        }
        func line(_ method: String, _ status: Int, _ route: String, _ count: Int) -> String {
            #"http_server_request_duration_seconds_count{http_request_method="\#(method)","#
                + #"http_response_status_code="\#(status)",http_route="\#(route)"} \#(count)"#
        }
        #expect(
            Set(counts.map(String.init)) == [
                line("POST", 202, "/api/requests", 1), line("GET", 200, "/api/jobs/{id}", 2),
                line("GET", 404, "/api/jobs/{id}", 1), line("GET", 404, "unmatched", 1),
                line("_OTHER", 404, "unmatched", 1),
            ])
    }
}
