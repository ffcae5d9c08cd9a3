import ServiceRuntime
import TestSupport
import Testing

@testable import CallbackService

/// How long partners took to answer.
@Suite struct PartnerRequestMetricsTests {
    private func counts(_ registry: PrometheusRegistry) -> Set<String> {
        let name = "http_client_request_duration_seconds_count"
        let lines = registry.render().split(separator: "\n").filter { $0.hasPrefix(name) }
        return Set(lines.map { String($0.dropFirst(name.count)) })
    }

    @Test func eachRequestCountsByHostAndStatus() async throws {
        let registry = PrometheusRegistry()
        let metrics = PartnerRequestMetrics(factory: registry)
        let answers = Recorder<Int>()
        let port = try FreePorts.take(1)[0]
        try await TestServer.serving { connection in
            while try await connection.request() != nil {
                answers.add(1)
                try await connection.answer(answers.all.count == 1 ? "503 Busy" : "204 No Content")
            }
        } _: { server in
            let partner = try Partner.fixture(server.template)
            let away = try Partner.fixture("http://127.0.0.1:\(port)/{providerRequestId}")
            let callback = Callback.fixture("\(server.url)/callbacks/1")
            var other = callback
            other.url = "http://127.0.0.1:\(port)/1"
            try await withClient(requests: metrics) { [other] client in
                await #expect(throws: DeliveryFailure.self) { try await client.tell(partner, callback) }
                _ = try await client.tell(partner, callback)
                await #expect(throws: DeliveryFailure.self) { try await client.tell(away, other) }
            }
            #expect(
                counts(registry) == [
                    #"{error_type="503",http_request_method="POST",http_response_status_code="503",server_address="127.0.0.1",server_port="\#(server.port)"} 1"#,
                    #"{http_request_method="POST",http_response_status_code="204",server_address="127.0.0.1",server_port="\#(server.port)"} 1"#,
                    #"{error_type="connection-refused",http_request_method="POST",server_address="127.0.0.1",server_port="\#(port)"} 1"#,
                ])
        }
    }

    /// A partner may answer with whatever it likes.
    @Test func statusesAreBounded() throws {
        let registry = PrometheusRegistry()
        let metrics = PartnerRequestMetrics(factory: registry)
        let url = try URLTemplate("https://p.example/{providerRequestId}")
        for status in 100...599 { metrics.record(url, status: status, error: nil, .milliseconds(1)) }
        metrics.record(url, status: 100, error: nil, .milliseconds(1))
        #expect(counts(registry).count <= PartnerRequestMetrics.mostStatuses + 5)
        #expect(counts(registry).contains { $0.contains(#"code="100""#) && $0.hasSuffix(#"server_port="443"} 78"#) })
    }
}
