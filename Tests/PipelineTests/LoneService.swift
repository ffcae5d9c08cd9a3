import Foundation
import TestSupport

/// One service alone, with files of its own, and a broker that is not there unless one is given.
struct LoneService: Sendable {
    let name: ServiceName
    let directory: String
    /// Where nobody listens.
    let brokerPort: Int
    private var environment: [String: String]

    /// - Parameter environment: what differs from a good configuration.
    init(_ name: ServiceName, _ environment: [String: String] = [:]) throws {
        self.name = name
        directory = try TestDirectory.make("lone")
        let ports = try FreePorts.take(2)
        brokerPort = ports[0]
        try ConfigurationFiles.texas.write(to: directory, partnerPort: 1)
        self.environment = [
            "INTAKE_BROKER_URL": "amqp://127.0.0.1:\(brokerPort)/",
            "INTAKE_HTTP_PORT": "\(ports[1])",
            "INTAKE_STORE_PATH": "\(directory)/intake.sqlite",
            "INTAKE_CALLBACK_STATE_PATH": "\(directory)/callback.sqlite",
            "INTAKE_GEOCODER_CACHE_PATH": "\(directory)/geocoder-cache.sqlite",
            "INTAKE_PROVIDERS_FILE": "\(directory)/providers.yaml",
            "INTAKE_COVERAGE_FILE": "\(directory)/coverage.yaml",
            "INTAKE_CALLBACKS_FILE": "\(directory)/callbacks.yaml",
        ].merging(environment) { _, new in new }
    }

    /// The same with one thing more.
    func with(_ variable: String, _ value: String) -> LoneService {
        var other = self
        other.environment[variable] = value
        return other
    }

    func start() throws -> ServiceUnderTest {
        try ServiceUnderTest(name.rawValue, environment: environment, directory: directory)
    }

    /// Starts it and waits for the end that it finds itself.
    /// - Returns: how it ended, and the lines that it wrote.
    func fail() async throws -> (status: ExitStatus, lines: [String]) {
        let service = try start()
        let status = try await service.end()
        return (status, await service.log().split(separator: "\n").map(String.init))
    }

    /// Runs its executable with arguments, and no more in its environment than is given.
    func command(_ arguments: [String], _ environment: [String: String] = [:]) async throws -> IntakeCommand {
        let process = try ChildProcess(
            name: name.rawValue, command: [Repository.executable(name.rawValue)] + arguments,
            environment: environment, logPath: "\(directory)/command-\(UUID().uuidString).log")
        return try await IntakeCommand(process)
    }
}

extension ServiceName {
    /// As logs and errors call it.
    var short: String { String(rawValue.prefix { $0 != "-" }) }
}
