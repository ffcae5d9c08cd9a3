@testable import CallbackService
@testable import DecisionService
@testable import GeocodeService
@testable import IngestService
@testable import ServiceRuntime

extension Harness {
    static let yaml = Harness(
        "yaml", "providers.yaml, callbacks.yaml, geocoders.yaml, coverage.yaml, by the first byte"
    ) { input in
        let choice = input.byte() % 4
        let bytes = input.bytes
        let sources = SecretSources(
            readFile: { _ in Array("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw".utf8) }, environment: { _ in "a-secret" })
        switch choice {
        case 0: _ = try? ProviderDirectory.parse(bytes)
        case 1: _ = try? Partners.parse(bytes, secrets: sources)
        case 2: _ = try? GeocoderFile.parse(bytes, secrets: sources)
        default:
            _ = try? CoverageFile.parse(bytes) { name in
                name.hasSuffix("json")
                    ? Array(#"{"type":"Polygon","coordinates":[]}"#.utf8) : Array("zip\n77002\n".utf8)
            }
        }
    }
}
