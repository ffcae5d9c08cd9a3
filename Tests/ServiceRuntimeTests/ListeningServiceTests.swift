import Configuration
import Logging
import TestSupport
import Testing

@testable import ServiceRuntime

/// A listener that cannot listen.
@Suite
struct ListeningServiceTests {
    private func failure(host: String, port: Int) async throws -> ListenFailure? {
        var settings = Settings(ConfigReader(provider: EnvironmentVariablesProvider(environmentVariables: [:])))
        var process = ProcessSettings(&settings, name: "test")
        (process.adminHost, process.adminPort) = (host, port)
        let server = AdminServer(
            settings: process, health: HealthRegistry(), metrics: PrometheusRegistry(),
            levels: LogLevels(.info), routes: AdminRoutes(),
            logger: Logger.silent)
        let service = ListeningService(try server.application(), key: "admin", host: host, port: port)
        return await #expect(throws: ListenFailure.self) { try await service.run() }
    }

    @Test func aPortInUseNamesItsKey() async throws {
        let port = try OccupiedPort()
        let failure = try await failure(host: "127.0.0.1", port: port.number)
        #expect(
            failure?.description
                == "INTAKE_ADMIN_PORT (admin.port): cannot listen on port \(port.number) of 127.0.0.1: Address already in use"
        )
    }

    /// One of TEST-NET-1 (RFC 5737), and a name that cannot be (RFC 6761).
    @Test(arguments: [("192.0.2.1", "Cannot assign requested address"), ("host.invalid", "the name has no address")])
    func aHostThatIsNotThisOneNamesItsKey(_ host: String, _ reason: String) async throws {
        let failure = try await failure(host: host, port: 0)
        #expect(failure?.key == "admin.host")
        #expect(failure?.reason == reason)
    }
}
