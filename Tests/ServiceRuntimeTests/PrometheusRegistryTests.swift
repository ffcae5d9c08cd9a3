import Contracts
import CoreMetrics
import Testing

@testable import ServiceRuntime

@Suite struct PrometheusRegistryTests {
    @Test func rendersTheTextFormat() {
        let registry = PrometheusRegistry()
        registry.makeCounter(label: "b_total", dimensions: [("x", "1")]).increment(by: 2)
        registry.makeCounter(label: "b_total", dimensions: [("x", "1")]).increment(by: 1)
        registry.makeCounter(label: "b_total", dimensions: [("x", "a\"\\\nb")]).increment(by: 1)
        registry.makeMeter(label: "a_gauge", dimensions: []).set(1.5)
        let timer = registry.makeTimer(label: "c_seconds", dimensions: [("s", "t")])
        timer.recordNanoseconds(2_000_000)
        timer.recordNanoseconds(90_000_000_000)
        let text = registry.render()
        #expect(
            text.hasPrefix(
                """
                # TYPE a_gauge gauge
                a_gauge 1.5
                # TYPE b_total counter
                b_total{x="1"} 3
                b_total{x="a\\"\\\\\\nb"} 1
                # TYPE c_seconds histogram
                """))
        #expect(text.contains("c_seconds_bucket{s=\"t\",le=\"0.001\"} 0\n"))
        #expect(text.contains("c_seconds_bucket{s=\"t\",le=\"0.0025\"} 1\n"))
        #expect(text.contains("c_seconds_bucket{s=\"t\",le=\"+Inf\"} 2\n"))
        #expect(text.contains("c_seconds_count{s=\"t\"} 2\n"))
    }

    /// What has another name by a convention is rendered under both, from the same numbers.
    @Test func whatHasAnotherNameIsRenderedUnderBoth() {
        let registry = PrometheusRegistry(aliases: MetricAlias.openTelemetry(Topology(prefix: "try")))
        #expect(!registry.render().contains("messaging_"))
        for (label, count) in [("confirmed", 3), ("refused", 1)] {
            registry.makeCounter(
                label: "amqp_publishes_\(label)_total", dimensions: [("connection", "geocode publish")]
            )
            .increment(by: Int64(count))
        }
        registry.makeTimer(label: "intake_stage_duration_seconds", dimensions: [("stage", "geocode")])
            .recordNanoseconds(2_000_000)
        let text = registry.render()
        let sent = #"messaging_client_sent_messages_total{connection="geocode publish","#
        #expect(
            text.contains(
                """
                # TYPE messaging_client_sent_messages_total counter
                \(sent)error_type="refused",messaging_operation_name="publish",messaging_system="rabbitmq"} 1
                \(sent)messaging_operation_name="publish",messaging_system="rabbitmq"} 3

                """))
        #expect(text.contains(#"amqp_publishes_confirmed_total{connection="geocode publish"} 3"#))
        #expect(
            text.contains(
                #"messaging_process_duration_seconds_bucket{messaging_destination_name="try.geocode","#
                    + #"messaging_operation_name="process",messaging_operation_type="process","#
                    + #"messaging_system="rabbitmq",le="0.0025"} 1"#))
        #expect(text.contains(#"intake_stage_duration_seconds_count{stage="geocode"} 1"#))
        // Each family stands together, once.
        let types = text.split(separator: "\n").filter { $0.hasPrefix("# TYPE") }
        #expect(Set(types).count == types.count)
    }
}
