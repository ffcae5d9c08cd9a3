import Contracts
import Foundation
import TestSupport
import Testing

/// The compose files name variables, secrets, ports, paths and images that the code knows, and all that it needs. Needs
/// no broker and no containers.
///
/// Compose files.
@Suite
struct ComposeFileTests {
    /// What a service says of a variable that it reads.
    private enum Need: String {
        case required, optional
    }

    /// Each variable is one that the service reads, and each that it needs is set.
    @Test(arguments: ServiceName.allCases)
    func eachVariableIsOneThatTheServiceReads(_ name: ServiceName) async throws {
        let service = try service(name, in: "compose.yaml")
        let overTLS = try self.service(name, in: "compose.tls.yaml")
        for more in [[:], overTLS.environment ?? [:]] {
            let environment = try #require(service.environment).merging(more) { _, new in new }
            let keys = try await keys(of: name, environment)
            for variable in environment.keys {
                #expect(keys[variable] != nil, "\(name.rawValue) reads no \(variable)")
            }
            for (variable, need) in keys where need == .required && environment[variable] == nil {
                let other =
                    variable.hasSuffix("_FILE") ? String(variable.dropLast("_FILE".count)) : "\(variable)_FILE"
                #expect(environment[other] != nil, "\(name.rawValue) needs \(variable)")
            }
        }
    }

    @Test
    func theOperatorsVariablesAreNamedInItsHelpOrReadByAService() async throws {
        let compose = try ComposeFile.read("compose.yaml")
        let environment = try #require(compose.services["operator"]?.environment)
        let known = try await keys(of: .ingest, [:]).keys
        let help = try await output("intake", ["--experimental-dump-help"], [:])
        for variable in environment.keys {
            #expect(known.contains(variable) || help.contains("$\(variable)"), "intake reads no \(variable)")
        }
    }

    /// Each service signs in to the broker as itself, with its own password.
    @Test(arguments: ["compose.yaml", "compose.tls.yaml"])
    func eachServiceSignsInToTheBrokerAsItself(_ file: String) throws {
        let compose = try ComposeFile.read(file)
        let plain = try ComposeFile.read("compose.yaml")
        let topology = Topology(prefix: "intake")
        for account in Account.allCases where account != .monitor {
            let service = try #require(compose.services[account.rawValue], "\(account)")
            let url = try #require(URLComponents(string: service.environment?["INTAKE_BROKER_URL"] ?? ""))
            #expect(url.user == topology.user(account))
            #expect(url.host.map { compose.services[$0] != nil } == true, "the URL's host is no service")
            #expect(url.password == nil)
            let password = plain.services[account.rawValue]?.environment?["INTAKE_BROKER_PASSWORD_FILE"]
            #expect(password == "/run/secrets/\(account.passwordFile)")
        }
        #expect(Set(plain.services["definitions"]?.secrets ?? []) == Set(Account.allCases.map(\.passwordFile)))
    }

    /// A service has the secrets that it reads and no others, and each has a file for trying out.
    @Test
    func aServiceHasTheSecretsThatItReadsAndNoOthers() throws {
        let compose = try ComposeFile.read("compose.yaml")
        let defined = try #require(compose.secrets)
        for (name, service) in compose.services where service.product != nil && name != "definitions" {
            let prefix = "/run/secrets/"
            let read = (service.environment ?? [:]).values.filter { $0.hasPrefix(prefix) }
                .map { String($0.dropFirst(prefix.count)) }
            #expect(Set(read) == Set(service.secrets ?? []), "\(name)")
        }
        #expect(Set(compose.services.values.flatMap { $0.secrets ?? [] }) == Set(defined.keys))
        for (name, secret) in defined {
            #expect(secret.file == "./secrets/\(name)")
            let text = try String(contentsOfFile: Repository.path("deploy/secrets/\(name)"), encoding: .utf8)
            #expect(text.contains("not-for-production"), "\(name)")
        }
        let program = try String(contentsOfFile: Repository.path("deploy/new-secrets"), encoding: .utf8)
        for account in Account.allCases {
            #expect(program.contains(account.rawValue), "new-secrets makes no \(account)")
        }
    }

    /// Each file is mounted, and what is written is on a volume.
    @Test(arguments: ServiceName.allCases)
    func eachFileIsMounted(_ name: ServiceName) throws {
        let service = try service(name, in: "compose.yaml")
        for (variable, path) in try #require(service.environment) {
            if variable.hasSuffix("_PATH") { #expect(service.mounts(path), "\(variable) is on no volume") }
            guard path.hasPrefix("/etc/intake/") else { continue }
            #expect(service.mounts(path))
            let file = Repository.path("deploy/config/\(path.dropFirst("/etc/intake/".count))")
            #expect(FileManager.default.fileExists(atPath: file), "\(file)")
        }
    }

    @Test
    func aPortThatIsPublishedIsOneThatTheServiceListensOn() throws {
        let compose = try ComposeFile.read("compose.yaml")
        func published(_ name: String) -> [String] {
            (compose.services[name]?.ports ?? []).map { String($0.split(separator: ":").last ?? "") }
        }
        #expect(published("ingest") == [compose.services["ingest"]?.environment?["INTAKE_HTTP_PORT"]])
        #expect(published("decision") == [compose.services["decision"]?.environment?["INTAKE_COVERAGE_PORT"]])
        #expect(published("rabbitmq") == ["15672"])
        for (name, service) in compose.services {
            #expect((service.ports ?? []).allSatisfy { $0.hasPrefix("127.0.0.1:") }, "\(name)")
        }
    }

    /// The broker has the plug-in that shards need.
    @Test
    func theBrokerHasThePluginThatShardsNeed() throws {
        let broker = try #require(try ComposeFile.read("compose.yaml").services["rabbitmq"])
        #expect(broker.volumes?.contains("./rabbitmq/enabled_plugins:/etc/rabbitmq/enabled_plugins:ro") == true)
        let file = try String(contentsOfFile: Repository.path("deploy/rabbitmq/enabled_plugins"), encoding: .utf8)
        #expect(file.contains("rabbitmq_consistent_hash_exchange") && file.hasSuffix("].\n"))
    }

    /// Each image is a target of the Containerfile with an executable of the package, and runs with no rights.
    @Test
    func eachImageIsATargetOfTheContainerfileWithAnExecutableOfThePackage() throws {
        let compose = try ComposeFile.read("compose.yaml")
        let containerfile = try String(contentsOfFile: Repository.path("deploy/Containerfile"), encoding: .utf8)
        let products = Set(compose.services.values.compactMap(\.product))
        #expect(products == Set(ServiceName.allCases.map(\.rawValue) + ["intake"]))
        for product in products {
            #expect(containerfile.contains("AS \(product)\n"))
            #expect(containerfile.contains("ENTRYPOINT [\"/usr/local/bin/\(product)\"]"))
            #expect(FileManager.default.isExecutableFile(atPath: Repository.executable(product)))
            #expect(compose.services.values.contains { $0.product == product && $0.build?.target == product })
        }
        for (name, service) in compose.services {
            if let build = service.build { #expect(build.target == service.product, "\(name)") }
            #expect(service.isReadOnly == true, "\(name)")
            #expect(service.droppedCapabilities == ["ALL"], "\(name)")
            #expect(service.securityOptions == ["no-new-privileges:true"], "\(name)")
        }
        for name in ServiceName.allCases {
            let health = try service(name, in: "compose.yaml").healthcheck?.test
            #expect(health == ["CMD", "/usr/local/bin/\(name.rawValue)", "health"])
            #expect(containerfile.contains("CMD [\"/usr/local/bin/\(name.rawValue)\", \"health\"]"))
        }
    }

    /// What runs for long has limits, in the one way that Compose and podman-compose both take.
    @Test
    func whatRunsForLongHasLimits() throws {
        let compose = try ComposeFile.read("compose.yaml")
        for (name, service) in compose.services {
            #expect(service.processLimit == nil, "\(name)")
        }
        for name in ServiceName.allCases {
            let limits = try service(name, in: "compose.yaml").deploy?.resources.limits
            #expect(limits?.memory != nil && limits?.pids != nil, "\(name.rawValue)")
        }
    }

    @Test
    func theImagesVersionIsTheExecutables() async throws {
        let containerfile = try String(contentsOfFile: Repository.path("deploy/Containerfile"), encoding: .utf8)
        let words = try await output(ServiceName.ingest.rawValue, ["--version"], [:]).split { $0.isWhitespace }
        #expect(containerfile.contains("ARG VERSION=\(try #require(words.last))\n"))
    }

    /// The example environment sets each variable of the compose files, and no other.
    @Test
    func theExampleEnvironmentSetsEachVariableOfTheComposeFiles() throws {
        let used = try ComposeFile.references(in: "compose.yaml").union(ComposeFile.references(in: "compose.tls.yaml"))
        #expect(Set(try ComposeFile.exampleEnvironment().keys) == used)
    }

    /// The simulator listens where the callbacks of the example go, and shows their secret.
    @Test
    func theSimulatorListensWhereTheCallbacksOfTheExampleGo() throws {
        let compose = try ComposeFile.read("compose.yaml")
        let command = try #require(compose.services["simulator"]?.command)
        let callbacks = try String(
            contentsOfFile: Repository.path("deploy/config/callbacks.containers.yaml"), encoding: .utf8)
        #expect(callbacks.contains("url: http://simulator:8090/callbacks/{providerRequestId}"))
        #expect(command.contains("--callback-port=8090"))
        let secret = try String(
            contentsOfFile: Repository.path("deploy/secrets/partners/smokealarm-portal"), encoding: .utf8)
        #expect(command.contains("--callback-authorization=\(secret.trimmingCharacters(in: .newlines))"))
    }

    private func service(_ name: ServiceName, in file: String) throws -> ComposeFile.Service {
        // `ingest-service` is `ingest` there.
        let key = String(name.rawValue.dropLast("-service".count))
        return try #require(try ComposeFile.read(file).services[key], "\(file) has no \(key)")
    }

    /// What `<service> keys` prints, by variable.
    private func keys(of name: ServiceName, _ environment: [String: String]) async throws -> [String: Need] {
        let lines = try await output(name.rawValue, ["keys"], environment).split(separator: "\n")
        let pairs = try lines.map { line in
            let parts = line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
            try #require(parts.count == 6, "\(line)")
            return (parts[0], try #require(Need(rawValue: parts[1]), "\(line)"))
        }
        return Dictionary(uniqueKeysWithValues: pairs)
    }

    private func output(_ product: String, _ arguments: [String], _ environment: [String: String]) async throws
        -> String
    {
        let process = try ChildProcess(
            name: product, command: [Repository.executable(product)] + arguments, environment: environment,
            logPath: "\(try TestDirectory.make("compose"))/output")
        #expect(try await process.end(within: .seconds(30)) == .exited(0))
        return process.logTail(lines: .max)
    }
}
