import Configuration
import Testing

@testable import CallbackService
@testable import DecisionService
@testable import GeocodeService
@testable import IngestService
@testable import ServiceRuntime

/// The list of all services' keys, by which each service knows a slip from a key of another.
@Suite struct KnownKeysTests {
    @Test func itHoldsWhatTheServicesAskFor() {
        var settings = Settings(ConfigReader(provider: InMemoryProvider(values: [:])), for: .listing)
        ServiceProcess.askForFile(&settings)
        _ = ProcessSettings(&settings, name: "test")
        _ = IngestConfiguration(&settings)
        _ = GeocodeConfiguration(&settings)
        _ = DecisionConfiguration(&settings)
        _ = CallbackConfiguration(from: &settings)
        let asked = Set(settings.keys.map(\.name))
        #expect(asked.subtracting(KnownKeys.ofServices) == [])
        #expect(KnownKeys.ofServices.subtracting(asked) == [])
        for key in settings.keys { #expect(key.meaning.hasSuffix("."), "\(key.name) says nothing of its meaning") }
    }
}
