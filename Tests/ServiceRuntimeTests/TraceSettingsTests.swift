import Configuration
import Testing

@testable import ServiceRuntime

@Suite struct TraceSettingsTests {
    private func read(_ environment: [String: String]) -> (TraceSettings?, [String]) {
        var settings = Settings(
            ConfigReader(provider: EnvironmentVariablesProvider(environmentVariables: environment)))
        let traces = TraceSettings(&settings)
        return (traces, settings.problems.map(\.description))
    }

    @Test func withoutACollectorThereAreNone() {
        #expect(read([:]) == (nil, []))
        #expect(read(["INTAKE_TRACES_ONE_IN": "10"]) == (nil, []))
    }

    @Test(arguments: [
        ("http://127.0.0.1:4318", "http://127.0.0.1:4318/v1/traces"),
        ("http://collector:4318/", "http://collector:4318/v1/traces"),
        ("https://otlp.example.org/otlp/v1/traces", "https://otlp.example.org/otlp/v1/traces"),
        ("http://[::1]:4318", "http://[::1]:4318/v1/traces"),
    ])
    func thePathMayBeLeftOut(_ given: String, _ used: String) {
        let (traces, problems) = read([
            "INTAKE_TRACES_URL": given, "INTAKE_TRACES_AUTHORIZATION": "Bearer x", "INTAKE_TRACES_ONE_IN": "100",
        ])
        #expect(traces == TraceSettings(url: used, authorization: Secret("Bearer x"), oneIn: 100))
        #expect(problems == [])
    }

    @Test(arguments: [
        "collector:4318", "grpc://collector:4317", "http://", "http://user:pw@collector", "/v1/traces",
        "http://c:99999",
        "http://collector/#x", "http://a b",
    ])
    func anotherAddressIsAMistake(_ url: String) {
        let (traces, problems) = read(["INTAKE_TRACES_URL": url])
        #expect(traces == nil)
        #expect(problems == ["INTAKE_TRACES_URL (traces.url): '\(url)' is not http://host:port or https://host:port"])
    }

    @Test func theOthersAreRead() {
        #expect(read(["INTAKE_TRACES_ONE_IN": "0"]).1.count == 1)
        let (_, problems) = read([
            "INTAKE_TRACES_URL": "http://c:1", "INTAKE_TRACES_AUTHORIZATION": "Bearer s3\u{e9}",
        ])
        #expect(problems.count == 1 && problems.allSatisfy { !$0.contains("s3") })
    }
}
