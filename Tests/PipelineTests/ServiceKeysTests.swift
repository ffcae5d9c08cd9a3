import Foundation
import TestSupport
import Testing

/// The lists of variables that the services make themselves.
///
/// The services' variables.
@Suite
struct ServiceKeysTests {
    private func keys(_ name: ServiceName, _ environment: [String: String] = [:]) async throws -> [String: String] {
        let command = try await LoneService(name).command(["keys"], environment)
        #expect(command.status == .exited(0))
        let lines = command.output.split(separator: "\n")
        #expect(lines == lines.sorted())
        return Dictionary(
            uniqueKeysWithValues: try lines.map { line in
                let parts = line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
                try #require(parts.count == 6 && ["required", "optional"].contains(parts[1]), "\(line)")
                #expect(parts[5].hasSuffix("."), "\(line) says nothing of its meaning")
                return (parts[0], parts[1])
            })
    }

    private func required(_ name: ServiceName, _ environment: [String: String] = [:]) async throws -> [String] {
        try await keys(name, environment).filter { $0.value == "required" }.keys.sorted()
    }

    @Test
    func whatEachDoesNotStartWithout() async throws {
        #expect(try await required(.ingest) == ["INTAKE_PROVIDERS_FILE"])
        #expect(try await required(.geocode) == [])
        #expect(try await required(.decision) == ["INTAKE_COVERAGE_FILE"])
        #expect(try await required(.callback) == ["INTAKE_CALLBACKS_FILE"])
        let others = ["INTAKE_ADMIN_HOST": "0.0.0.0", "INTAKE_BROKER_URL": "amqp://intake-geocode@rabbitmq:5672/"]
        #expect(
            try await required(.geocode, others) == [
                "INTAKE_ADMIN_TOKEN", "INTAKE_ADMIN_TOKEN_FILE", "INTAKE_BROKER_PASSWORD",
                "INTAKE_BROKER_PASSWORD_FILE",
            ])
        let secrets = ["INTAKE_ADMIN_TOKEN_FILE": "/nowhere/a", "INTAKE_BROKER_PASSWORD_FILE": "/nowhere/b"]
        #expect(try await required(.geocode, others.merging(secrets) { _, new in new }) == [])
    }

    @Test
    func askingMakesNoFile() async throws {
        let directory = try TestDirectory.make("keys")
        for name in ServiceName.allCases {
            _ = try await keys(
                name,
                [
                    "INTAKE_STORE_PATH": "\(directory)/a", "INTAKE_CALLBACK_STATE_PATH": "\(directory)/b",
                    "INTAKE_GEOCODER_CACHE_PATH": "\(directory)/c",
                ])
        }
        #expect(try FileManager.default.contentsOfDirectory(atPath: directory).isEmpty)
    }

    /// A key that is asked for in some configurations only would not be in the list.
    @Test
    func everyKeyThatTheSourcesAskForIsInAServicesList() async throws {
        var listed: Set<String> = []
        for name in ServiceName.allCases { listed.formUnion(try await keys(name).keys) }
        let call =
            /settings\.(?:string|optionalString|requiredString|secret|int|bool|duration|choice|file)\(\s*"([a-z.-]+)"/
        var asked: Set<String> = []
        let sources = try #require(FileManager.default.enumerator(atPath: Repository.path("Sources")))
        for case let path as String in sources where path.hasSuffix(".swift") {
            let text = try String(contentsOfFile: Repository.path("Sources/\(path)"), encoding: .utf8)
            for match in text.matches(of: call) {
                asked.insert("INTAKE_" + match.1.uppercased().replacing(/[.-]/, with: "_"))
            }
        }
        #expect(asked.count > 30)
        #expect(asked.subtracting(listed).isEmpty)
    }

    /// What a service would refuse at its start is refused before, in its own words; what it takes is taken.
    @Test(arguments: [
        ("providers", nil as String?), ("providers", "providers: {p: {organization: relief, tokens: [{sha256: no}]}}"),
        ("providers", "providers: [a]"), ("coverage", "organizations: 7"),
        ("coverage", "organizations: {relief: {covers: {zips: [\"7700\"]}}}"),
        ("callbacks", "providers: {p: {url: 'ftp://x'}}"),
        ("callbacks", "providers: {smokealarm-portal: {url: 'https://x.example', speed: 3}}"),
        ("geocoders", "geocoders: [{kind: unheard-of}]"), ("geocoders", "- \u{7}"),
    ])
    func checkConfigSaysWhatTheServicesSay(_ file: String, _ content: String?) async throws {
        let directory = try TestDirectory.make("check-config")
        var arguments = ["check-config"]
        for name in ["providers", "coverage", "callbacks", "geocoders"] {
            let shipped = try String(contentsOfFile: Repository.path("deploy/config/\(name).yaml"), encoding: .utf8)
            let path = "\(directory)/\(name).yaml"
            try (name == file ? content ?? shipped : shipped).write(toFile: path, atomically: true, encoding: .utf8)
            arguments += ["--\(name)", path]
        }
        let process = try ChildProcess(
            name: "intake", command: [Repository.executable("intake")] + arguments, environment: [:],
            logPath: "\(directory)/output")
        let command = try await IntakeCommand(process)
        if content == nil {
            #expect(command.status == .exited(0), "\(command.output)")
        } else {
            let services = [
                "providers": "ingest", "coverage": "decision", "callbacks": "callback", "geocoders": "geocode",
            ]
            #expect(command.status == .exited(1))
            #expect(command.output.contains("intake \(try #require(services[file])): "), "\(command.output)")
        }
    }
}
