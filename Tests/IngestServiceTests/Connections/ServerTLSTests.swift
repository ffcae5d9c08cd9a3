import Configuration
import Foundation
import ServiceRuntime
import TestSupport
import Testing

@testable import IngestService

@Suite struct ServerTLSTests {
    @Test func bothFilesMustBeThereAndFit() async throws {
        let directory = try TestDirectory.make("tls-files")
        let maker = try ChildProcess(
            name: "certificates", command: [Repository.path("deploy/certificates"), directory],
            logPath: "\(directory)/certificates.log")
        #expect(try await maker.end(within: .seconds(30)) == .exited(0))
        let certificate = "\(directory)/server.pem"
        let key = "\(directory)/server-key.pem"
        #expect(problems(certificate, key).isEmpty)
        #expect(problems(nil, nil).isEmpty)
        #expect(problems(certificate, nil) == ["http.tls.key"])
        #expect(problems(nil, key) == ["http.tls.certificate"])
        #expect(problems("/nonexistent.pem", "/nonexistent.pem") == ["http.tls.certificate", "http.tls.key"])
        #expect(problems(key, certificate) == ["http.tls.certificate", "http.tls.key"])
        #expect(problems(certificate, "\(directory)/client-key.pem") == ["http.tls.key"])
    }

    /// The keys that something is wrong with.
    private func problems(_ certificate: String?, _ key: String?) -> [String] {
        var environment: [String: String] = [:]
        environment["INTAKE_HTTP_TLS_CERTIFICATE"] = certificate
        environment["INTAKE_HTTP_TLS_KEY"] = key
        var settings = Settings(
            ConfigReader(provider: EnvironmentVariablesProvider(environmentVariables: environment)))
        let configuration = ServerTLS.read(&settings)
        #expect((configuration != nil) == (certificate != nil && key != nil && settings.problems.isEmpty))
        return settings.problems.map(\.key)
    }
}
