import CoreMetrics
import ServiceRuntime
import Testing

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
}
