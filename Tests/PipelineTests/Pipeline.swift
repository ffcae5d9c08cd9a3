import Contracts
import Foundation
import ServiceLifecycle
import TestSupport
import Testing

/// A running Intake with queues, directory and ports of its own.
struct Pipeline: Sendable {
    let broker: BrokerNode
    let partner: PartnerUnderTest
    let topology: Topology
    let api: IntakeAPI
    private let services: [ServiceName: ServiceUnderTest]
    let environment: [String: String]
    private let deployed: DeployedBroker?

    subscript(name: ServiceName) -> ServiceUnderTest {
        get throws { try #require(services[name]) }
    }

    /// The processes, for the end of their logs in failures.
    var processes: [ChildProcess] {
        get async {
            var all = [await broker.childProcess]
            for name in ServiceName.allCases {
                if let service = services[name] { all.append(await service.childProcess) }
            }
            return all
        }
    }

    /// Starts everything, runs `body`, and ends everything however that went.
    /// - Parameters:
    ///   - broker: a node of the test's own when it is to be killed; else the shared one.
    ///   - deployed: a node on which each process has an account of its own, and may not declare; instead of `broker`.
    ///   - files: the configuration.
    ///   - geocoders: the content of geocoders.yaml; `nil` for none.
    ///   - store: where IngestService keeps its requests.
    ///   - callbackState: where CallbackService keeps what it knows.
    ///   - traces: where spans are sent; `nil` for nowhere.
    ///   - more: variables of all services.
    static func run(
        broker: BrokerNode? = nil, deployed: DeployedBroker? = nil, files: ConfigurationFiles = .texas,
        geocoders: String? = nil, store: Store = .file, callbackState: Store = .file, traces: String? = nil,
        more: [String: String] = [:], _ body: @Sendable (Pipeline) async throws -> Void
    ) async throws {
        var more = more
        if let url = try await store.url() { more["INTAKE_STORE_URL"] = url }
        if let url = try await callbackState.url() { more["INTAKE_CALLBACK_STATE_URL"] = url }
        let own = more
        let node = if let broker = deployed?.node ?? broker { broker } else { try await BrokerNode.shared() }
        let partner = PartnerUnderTest()
        let (ports, continuation) = AsyncStream<Int>.makeStream()
        let server = partner.server { continuation.yield($0) }
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                // Nobody waits for the port of a server that could not start.
                defer { continuation.finish() }
                try await server.run()
            }
            let port = try #require(await ports.first { _ in true }, "the partner does not listen")
            let pipeline = try await Pipeline(
                node, deployed, partner, partnerPort: port, files: files, geocoders: geocoders, traces: traces,
                more: own)
            do {
                for name in ServiceName.allCases { try await pipeline[name].awaitReady() }
                try await body(pipeline)
            } catch {
                let logs = await pipeline.processes.map { "--- log of \($0.name) ends:\n\($0.logTail())" }
                Issue.record("\(error)\n\(logs.joined(separator: "\n"))")
            }
            try await pipeline.tearDown()
            await partner.release()
            await server.triggerGracefulShutdown()
            try await group.waitForAll()
        }
    }

    private init(
        _ broker: BrokerNode, _ deployed: DeployedBroker?, _ partner: PartnerUnderTest, partnerPort: Int,
        files: ConfigurationFiles, geocoders: String?, traces: String?, more: [String: String]
    ) async throws {
        self.broker = broker
        self.deployed = deployed
        self.partner = partner
        let shards = more["INTAKE_SHARDS"].flatMap(Int.init) ?? 1
        topology =
            deployed?.topology ?? Topology(prefix: "test-\(UUID().uuidString.prefix(8).lowercased())", shards: shards)
        let directory = try TestDirectory.make("pipeline")
        try files.write(to: directory, partnerPort: partnerPort)
        api = IntakeAPI(port: try FreePorts.take(1)[0])
        var environment = [
            "INTAKE_BROKER_URL": broker.url,
            "INTAKE_TOPOLOGY_PREFIX": topology.prefix,
            "INTAKE_SHARDS": "\(topology.shards)",
            "INTAKE_HTTP_PORT": "\(api.port)",
            "INTAKE_STORE_PATH": "\(directory)/intake.sqlite",
            "INTAKE_CALLBACK_STATE_PATH": "\(directory)/callback.sqlite",
            "INTAKE_PROVIDERS_FILE": "\(directory)/providers.yaml",
            "INTAKE_COVERAGE_FILE": "\(directory)/coverage.yaml",
            "INTAKE_CALLBACKS_FILE": "\(directory)/callbacks.yaml",
            "INTAKE_CALLBACK_SCHEDULE": "1s,1s,1s,1s,5s,5s,5s,30s",
        ]
        if let geocoders {
            try geocoders.write(toFile: "\(directory)/geocoders.yaml", atomically: true, encoding: .utf8)
            environment["INTAKE_GEOCODERS_FILE"] = "\(directory)/geocoders.yaml"
            environment["INTAKE_GEOCODER_CACHE_PATH"] = "\(directory)/geocoder-cache.sqlite"
        }
        if let traces { environment["INTAKE_TRACES_URL"] = traces }
        environment.merge(more) { _, more in more }
        if environment["INTAKE_STORE_URL"] != nil { environment["INTAKE_STORE_PATH"] = nil }
        self.environment = environment
        var services: [ServiceName: ServiceUnderTest] = [:]
        for name in ServiceName.allCases {
            let own = environment.merging(Self.access(for: name.account, on: deployed)) { _, own in own }
            services[name] = try ServiceUnderTest(name.rawValue, environment: own, directory: directory)
        }
        self.services = services
    }

    /// Starts a second process of a service, as on another host: with files of its own. The caller kills it.
    /// - Parameters:
    ///   - port: of its API, for a front door.
    ///   - more: variables that are other ones.
    func replica(of name: ServiceName, port: Int? = nil, more: [String: String] = [:]) throws -> ServiceUnderTest {
        let directory = try TestDirectory.make("replica")
        var environment = environment.merging(more) { _, new in new }
        if let port { environment["INTAKE_HTTP_PORT"] = "\(port)" }
        environment["INTAKE_GEOCODER_CACHE_PATH"] = "\(directory)/geocoder-cache.sqlite"
        environment["INTAKE_CALLBACK_STATE_PATH"] = "\(directory)/callback.sqlite"
        return try ServiceUnderTest(name.rawValue, environment: environment, directory: directory)
    }

    /// Where a service keeps what it has to.
    enum Store: CaseIterable, CustomTestStringConvertible {
        case file
        case server

        /// Those that are to be had here.
        static var allCases: [Store] { PostgresServer.isInstalled ? [.file, .server] : [.file] }

        var testDescription: String {
            switch self {
            case .file: "SQLite"
            case .server: "PostgreSQL"
            }
        }

        /// Of a database of its own on the shared server; `nil` for a file.
        fileprivate func url() async throws -> String? {
            guard self == .server else { return nil }
            let server = try await PostgresServer.shared()
            let name = "pipeline_\(UUID().uuidString.prefix(8).lowercased())"
            try await server.run("CREATE DATABASE \(name)")
            return server.url(name)
        }
    }

    /// What lets a process in under its own account, where there are accounts.
    private static func access(for account: Account, on deployed: DeployedBroker?) -> [String: String] {
        guard let deployed else { return [:] }
        return ["INTAKE_BROKER_URL": deployed.url(of: account), "INTAKE_TOPOLOGY_DECLARE": "false"]
    }

    /// The broker as the `intake` command is to reach it.
    var operatorsURL: String { deployed?.url(of: .operator) ?? broker.url }

    /// The one that the configuration files name.
    static let provider = "smokealarm-portal"

    /// Every queue of the test's.
    var queues: [String] {
        (topology.wholeDeclarations.queues + topology.declarations(forProvider: Self.provider).queues).map(\.name)
    }

    private func tearDown() async throws {
        for name in ServiceName.allCases { try await self[name].kill() }
        // The shared node lives on, and queues cost it work even when they are empty.
        // There may be more shards than there were at first.
        for queue in try await broker.management.queues() where queue.name.hasPrefix("\(topology.prefix).") {
            try await broker.management.deleteQueue(queue.name)
        }
    }
}

extension Pipeline {
    /// Waits until the partner has been told about all of these.
    /// - Throws: `DeadlinePassed`, which names the first that were not.
    func awaitTold(_ ids: [String], within limit: Duration = .seconds(60)) async throws {
        var missing = ids
        do {
            try await eventually("all \(ids.count) requests are told", within: limit) {
                let told = await partner.told
                missing = ids.filter { told[$0] == nil }
                return missing.isEmpty
            }
        } catch var failure as DeadlinePassed {
            failure.details += "\n\(missing.count) not told: \(missing.prefix(10).joined(separator: ", "))"
            throw failure
        }
    }

    /// Waits until every job shows that its partner was told.
    func awaitCompleted(_ jobs: [String], within limit: Duration = .seconds(30)) async throws {
        for job in jobs {
            try await eventually("\(job) is completed", within: limit) { try await api.get(job).status == 303 }
        }
    }

    /// Waits until the management API shows no message in any queue, retry and dead queues included.
    func awaitEmptyQueues(within limit: Duration = .seconds(30)) async throws {
        var full: [String] = []
        do {
            try await eventually("every queue is empty", within: limit) {
                let figures = try await broker.management.queues().filter { $0.name.hasPrefix("\(topology.prefix).") }
                full = figures.filter { !$0.isEmpty }.map {
                    "\($0.name): \($0.ready ?? -1) ready, \($0.unacknowledged ?? -1) unacknowledged"
                }
                // There may be more shards than at first.
                return figures.count >= queues.count && full.isEmpty
            }
        } catch var failure as DeadlinePassed {
            failure.details += "\n" + full.joined(separator: "\n")
            throw failure
        }
    }

    /// Stops the services, so that nothing is under way, and then looks into each queue: figures can be old, this is
    /// not.
    func expectEmptyQueuesAfterStop() async throws {
        for name in ServiceName.allCases {
            let end = try await self[name].terminate()
            #expect(end.status == .exited(0), "\(name), log ends:\n\(end.logTail)")
        }
        for queue in queues {
            let messages = try await broker.management.messages(in: queue, count: 1)
            #expect(messages.isEmpty, "\(queue) is not empty")
        }
    }
}
