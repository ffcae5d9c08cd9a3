import Foundation
import TestSupport
import Testing

/// Needs no broker: a service looks at all of its configuration before it does anything.
///
/// Wrong configuration.
@Suite
struct WrongConfigurationTests {
    @Test(arguments: ServiceName.allCases)
    func aServiceExitsNonZeroAndNamesEveryWrongKeyAtOnce(_ name: ServiceName) async throws {
        let directory = try TestDirectory.make("wrong-configuration")
        let garbage = "\(directory)/garbage.yaml"
        try "providers: [\n".write(toFile: garbage, atomically: true, encoding: .utf8)
        var wrong = [
            "INTAKE_BROKER_URL": "http://not-amqp",
            "INTAKE_ADMIN_PORT": "ninety",
            "INTAKE_LOG_LEVEL": "loud",
            "INTAKE_SHARDS": "1000",
        ]
        let own: [String: String] =
            switch name {
            case .ingest: ["INTAKE_HTTP_PORT": "99999", "INTAKE_PROVIDERS_FILE": garbage]
            case .geocode: ["INTAKE_GAZETTEER_FILE": garbage]
            case .decision: ["INTAKE_COVERAGE_FILE": garbage]
            case .callback:
                ["INTAKE_CALLBACKS_FILE": garbage, "INTAKE_CALLBACK_CONCURRENCY": "0"]
            }
        wrong.merge(own) { _, new in new }

        let service = try ServiceUnderTest(name.rawValue, environment: wrong, directory: directory)
        let status = try await service.end()
        // EX_CONFIG of sysexits.h.
        #expect(status == .exited(78))
        let log = await service.log()
        for key in wrong.keys {
            // As a variable, or as the key of a file.
            let spelling = key.dropFirst("INTAKE_".count).lowercased().replacing("_", with: ".")
            #expect(log.contains(key) || log.contains(spelling), "\(key) is not named in:\n\(log)")
        }
    }

    /// What is refused has made nothing, nor has what only looks.
    @Test(arguments: [ServiceName.ingest, .callback])
    func whatIsRefusedMakesNoFile(_ name: ServiceName) async throws {
        let lone = try LoneService(name)
        // One slip away from a variable of Intake.
        let end = try await lone.with("INTAKE_LOG_LEVLE", "debug").fail()
        #expect(end.status == .exited(78) && end.lines.contains { $0.contains("INTAKE_LOG_LEVLE") }, "\(end.lines)")
        let files = try FileManager.default.contentsOfDirectory(atPath: lone.directory)
        #expect(files.allSatisfy { !$0.contains("sqlite") }, "\(files)")
    }

    /// A missing file is named, too.
    @Test(arguments: [ServiceName.ingest, .decision, .callback])
    func aMissingFileIsNamed(_ name: ServiceName) async throws {
        let directory = try TestDirectory.make("missing-file")
        let absent = "\(directory)/absent.yaml"
        let environment = [
            "INTAKE_PROVIDERS_FILE": absent, "INTAKE_COVERAGE_FILE": absent, "INTAKE_CALLBACKS_FILE": absent,
            "INTAKE_STORE_PATH": "\(directory)/intake.sqlite",
            "INTAKE_CALLBACK_STATE_PATH": "\(directory)/callback.sqlite",
        ]
        let service = try ServiceUnderTest(name.rawValue, environment: environment, directory: directory)
        #expect(try await service.end() == .exited(78))
        #expect(await service.log().contains(absent))
    }
}
