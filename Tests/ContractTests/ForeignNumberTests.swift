import Configuration
import Contracts
import Foundation
import Logging
import ServiceRuntime
import TestSupport
import Testing

@testable import CallbackService
@testable import DecisionService
@testable import GeocodeService
@testable import IngestService

/// Numbers that nobody would choose who means well, in place of each number that a service reads from its configuration
/// and from messages. Whatever they are, they are taken or refused; a process that ends is a test run that ends.
@Suite struct ForeignNumberTests {
    /// Ends of the types, what lies beyond them, and what only looks like a number.
    private static let extremes = [
        "9223372036854775807", "-9223372036854775808", "9223372036854775808", "18446744073709551615", "4294967296",
        "99999999999999999", "253402300800000", "-1", "-0", "0", "1e308", "-1e308", "1e309", "5e-324", ".nan", "NaN",
        ".inf", "-Infinity", "0x7fffffffffffffff", "0o777", "１２", "1.5", "~", String(repeating: "9", count: 2000),
        "0." + String(repeating: "9", count: 2000),
    ]

    @Test(arguments: ["", "ms", "s", "m", "h", "d", "/s"])
    func everyVariableTakesOrRefusesThem(_ unit: String) {
        for (name, read) in Self.configurations {
            // Nothing is opened, but everything is read.
            for key in Self.settings([:], read).keys {
                for extreme in Self.extremes {
                    _ = Self.settings(["INTAKE_" + key: extreme + unit], read)
                }
            }
            #expect(Self.settings([:], read).keys.count > 10, "\(name)")
        }
    }

    @Test(arguments: [
        (
            "providers",
            """
            providers:
              portal:
                organization: relief
                tokens: [{sha256: \(String(repeating: "ab", count: 32))}]
                rate: 600/m
                burst: 50
                in_flight: 7
            """
        ),
        (
            "callbacks",
            """
            providers:
              portal:
                url: https://partner.example:8443/{providerRequestId}
                timeout: 15s
                concurrency: 4
                rate: 600/m
                receipt: {status: [200, 202], body: [{pointer: /0/code, equals: 7}, {pointer: /4, is: absent}]}
                proxy: http://proxy.example:3128
            """
        ),
        (
            "geocoders",
            """
            patience: 15m
            geocoders:
              - {name: census, kind: census, concurrency: 8, timeout: 10s, cache: {answers: 90d, no_match: 7d}}
              - {name: osm, kind: nominatim, contact: ops@relief.example, rate: 1/s}
            """
        ),
        (
            "coverage",
            """
            version: v
            organizations:
              relief:
                covers:
                  - zips: ["77002"]
                    zip_ranges: [77001-77099]
                    zip_prefixes: ["770"]
                    counties: ["48201"]
                    valid_from: 2026-01-01
                    valid_until: 2026-12-31
                    radius: [{lat: 29.76, lon: -95.37, km: 25, name: base}]
                review: {when: [location_too_coarse], deadline: 48h, fallback: decline}
            """
        ),
    ])
    func everyNumberInAFileIsTakenOrRefused(_ file: String, _ yaml: String) throws {
        let parse: ([UInt8]) throws -> Void = { bytes in
            switch file {
            case "providers": _ = try ProviderDirectory.parse(bytes)
            case "callbacks": _ = try Partners.parse(bytes, secrets: .ofProcess)
            case "geocoders": _ = try GeocoderFile.parse(bytes, secrets: .ofProcess)
            default: _ = try CoverageFile.parse(bytes)
            }
        }
        try parse(Array(yaml.utf8))
        let numbers = yaml.ranges(of: /-?\d+(\.\d+)?/)
        #expect(numbers.count >= 3)
        for range in numbers {
            for extreme in Self.extremes {
                // Refused with its problems, or taken.
                do {
                    try parse(Array(yaml.replacingCharacters(in: range, with: extreme).utf8))
                } catch let problems as FileProblems {
                    #expect(!problems.problems.isEmpty)
                }
            }
        }
    }

    /// Each message that was ever promised, with each of its numbers and times replaced, goes through reading,
    /// deciding, recording and showing.
    @Test(arguments: try GoldenMessage.all())
    func everyNumberInAMessageIsTakenOrRefused(_ golden: GoldenMessage) async throws {
        let original = try golden.message()
        let body = String(decoding: original.body, as: UTF8.self)
        let values = body.matches(of: /[:\[,]\s*(-?\d[\d.eE+-]*|"\d{4}-\d\d-\d\dT[^"]*")/).map { match in
            match.output.1.startIndex..<match.output.1.endIndex
        }
        let times = ["\"0000-01-01T00:00:00Z\"", "\"9999-12-31T23:59:60.999Z\"", "\"10000-01-01T00:00:00Z\""]
        let directory = try TestDirectory.make("numbers")
        let store = RequestStore(database: try SQLiteDatabase(path: "\(directory)/intake.sqlite"))
        let coverage = try CoverageFile.parse(Array(Self.coverage.utf8))
        for range in values {
            for extreme in Self.extremes + times {
                var message = original
                message.body = Array(body.replacingCharacters(in: range, with: extreme).utf8)
                for consumer in Consumer.allCases { _ = try? consumer.read(message) }
                try await Self.handle(message, store, coverage)
            }
        }
        if let id = original.requestID, let job = try await store.job(id) {
            _ = JobAnswer(job, for: .provider(Provider(id: "p", organization: "o")), at: Date())
                .response(nil, nil, retryAfter: 2, at: Date())
        }
    }

    private static let coverage = """
        organizations:
          relief:
            covers: {radius: [{lat: 29.76, lon: -95.37, km: 25, name: base}], states: [TX]}
            review: {when: [place_conflict, location_too_coarse], deadline: 2160h, fallback: decline}
        """

    private static func handle(
        _ message: EventMessage, _ store: RequestStore, _ coverage: Coverage
    ) async throws {
        let received = ReceivedMessage(message: message, exchange: Topology().events, routingKey: message.routingKey)
        let context = StageContext(
            attempt: 1, maxAttempts: 3, now: Date(timeIntervalSince1970: 1_790_000_000), logger: Logger(label: "test"))
        if message.type == .requestGeocoded, var input = try? DecisionHandler.Input(received) {
            input.data.request.organization = "relief"
            let events = try await DecisionHandler(coverage: { coverage }).handle(input, context: context)
            for event in events { _ = try FieldCoder.write(event) }
        }
        if let fact = try? ProgressFact(received) {
            // A fact that contradicts others is refused, which is well.
            _ = try? await ProgressHandler(store: store, metrics: IngestMetrics(), pace: RecentPace(initial: 2))
                .handle(fact, context: context)
        }
    }

    private static let configurations: [(String, @Sendable (inout Settings) -> Void)] = [
        ("ingest", { _ = IngestConfiguration(&$0) }), ("geocode", { _ = GeocodeConfiguration(&$0) }),
        ("decision", { _ = DecisionConfiguration(&$0) }), ("callback", { _ = CallbackConfiguration(from: &$0) }),
    ]

    private static func settings(
        _ environment: [String: String], _ read: (inout Settings) -> Void
    ) -> (keys: [String], problems: Int) {
        let provider = EnvironmentVariablesProvider(environmentVariables: environment)
        var settings = Settings(ConfigReader(provider: provider), for: .listing)
        _ = ProcessSettings(&settings, name: "test")
        read(&settings)
        let keys = settings.keys.map { String(Settings.variable($0.name).dropFirst("INTAKE_".count)) }
        return (keys, settings.problems.count)
    }
}
