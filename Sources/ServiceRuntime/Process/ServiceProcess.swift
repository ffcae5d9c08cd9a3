import Broker
import Configuration
import Contracts
import CoreMetrics
import Foundation
import Logging
import Metrics
package import ServiceLifecycle
import UnixSignals

/// The life of a service's process.
package enum ServiceProcess {
    /// Exit status for a configuration that cannot work (`EX_CONFIG` of sysexits.h).
    package static let badConfiguration: Int32 = 78

    /// Does what the executable's argument asks for, see `ServiceCommand`. Without one it reads the configuration,
    /// starts logs, metrics, health and the broker connections, then runs the services until SIGTERM or SIGINT, drains,
    /// and exits: 0 after a graceful shutdown, 78 for a wrong configuration with a line on standard error for each
    /// wrong key, 1 for anything else.
    /// - Parameters:
    ///   - name: the service's, e.g. `geocode`.
    ///   - needsBroker: whether the process is not ready without the broker.
    ///   - commands: what the executable does besides, when their names are its first argument.
    ///   - configure: reads the service's own keys.
    ///   - services: the composition root. What comes later in the list depends on what comes earlier, and stops first.
    ///     A `Settings.Problem` that it throws is a wrong configuration.
    package static func run<Configuration: Sendable>(
        _ name: String, needsBroker: Bool = true, commands: [MaintenanceCommand] = [],
        configure: (inout Settings) -> Configuration,
        services: (Configuration, ServiceContext) async throws -> [any Service]
    ) async -> Never {
        await handle(name, commands, configure: configure)
        EarlyTermination.exitOnSignal()
        // A file that may not grow is an error of that write, as a full disk is, and not the end of the process.
        signal(SIGXFSZ, SIG_IGN)
        let sources = sources(name)
        var settings = Settings(sources.reader)
        let process = ProcessSettings(&settings, name: name)
        let configuration = configure(&settings)
        let unknown = unknown(sources, settings)
        let problems = settings.problems.map(\.description) + unknown.problems
        guard problems.isEmpty else { refuse(name, problems) }

        let metrics = PrometheusRegistry(aliases: MetricAlias.openTelemetry(process.topology))
        MetricsSystem.bootstrap(metrics)
        let levels = LogLevels(process.logLevel)
        LoggingSystem.bootstrap { process.logFormat.handler(label: $0, levels: levels) }
        let logger = Logger(label: "intake.\(name)")
        for stranger in unknown.strangers { logger.warning("\(stranger) \(strangersAre)") }
        do {
            let health = HealthRegistry()
            // Two connections, so that the broker reads acks while it takes no publishes; one thread, so that what
            // follows from a delivery wakes no other.
            let thread = try ConnectionThread()
            let publishing = try connection(process, "\(name) publish", thread, logger)
            let consuming = try connection(process, "\(name) consume", thread, logger, takesLargeHeaders: true)
            for (check, connection) in [("broker-publish", publishing), ("broker-consume", consuming)] {
                health.addReadinessCheck(check, counts: needsBroker) { connection.status.current.problem }
            }
            let untaken = UntakenMessages()
            health.addReadinessCheck("stage") { untaken.problem }
            let identity = ProcessIdentity(name: name)
            let tracing = process.traces.map { SpanExport.make($0, identity: identity, logger: logger) }
            let context = ServiceContext(
                identity: identity, logger: logger, topology: process.topology, health: health,
                admin: AdminRoutes(), adminToken: process.adminToken, broker: process.broker.connection,
                consuming: consuming,
                brokerPublisher: BrokerPublisher(publishing, application: "intake-\(name)"), untaken: untaken,
                declaresTopology: process.declaresTopology, spans: tracing?.recorder)
            Gauge(
                label: "intake_build_info", dimensions: [("service", name), ("version", ProcessIdentity.version)]
            ).record(1)
            let own = try await services(configuration, context)
            let files = own.compactMap { $0 as? any ReloadingContent }
            // The last good content stays in force, so the service works on; who looks is told.
            health.addReadinessCheck("configuration", counts: false) {
                let problems = files.compactMap(\.reloadProblem)
                return problems.isEmpty ? nil : problems.joined(separator: "; ")
            }
            let server = try AdminServer(
                settings: process, health: health, metrics: metrics, levels: levels, routes: context.admin,
                logger: logger
            ).application()
            let admin = ListeningService(
                server, key: "admin", host: process.adminHost, port: process.adminPort)
            // The export ends behind those whose spans it sends.
            let export: [any Service] = tracing.map { [$0.export] } ?? []
            var group = ServiceGroupConfiguration(
                services: ([levels, admin] + export + [publishing, consuming] + own).map {
                    // Without its listener a service has nothing against an orderly end.
                    .init(
                        service: NamedService($0),
                        failureTerminationBehavior: $0 is ListeningService ? .gracefullyShutdownGroup : .cancelGroup)
                },
                gracefulShutdownSignals: [.sigterm, .sigint], logger: logger)
            group.maximumGracefulShutdownDuration = process.shutdownTimeout
            // A service that ignores the cancellation must not keep the process: what is in hand comes again.
            group.maximumCancellationDuration = .seconds(3)
            logger.notice(
                "Service starts", metadata: ["version": "\(identity.version)", "prefix": "\(process.topology.prefix)"])
            try await ServiceGroup(configuration: group).run()
            logger.notice("Service has stopped")
            exit(0)
        } catch let problem as Settings.Problem {
            refuse(name, [problem.description])
        } catch {
            logger.critical("Service fails", metadata: ["error": "\(OneLine.of("\(error)"))"])
            exit(1)
        }
    }

    static func sources(_ name: String) -> ConfigurationSources {
        do throws(FileProblems) { return try ConfigurationSources() } catch { refuse(name, error.problems) }
    }

    static func refuse(_ name: String, _ problems: [String]) -> Never {
        for problem in problems { say("intake \(name): \(problem)") }
        exit(badConfiguration)
    }

    private static func connection(
        _ process: ProcessSettings, _ name: String, _ thread: ConnectionThread, _ logger: Logger,
        takesLargeHeaders: Bool = false
    ) throws(BrokerError) -> Connection {
        var configuration = process.broker.connection
        configuration.name = "intake \(name)"
        configuration.takesLargeHeaders = takesLargeHeaders
        let topology = process.topology
        // Each service declares the shards of its own stage, when it is about to consume them.
        var declarations = process.declaresTopology ? topology.declarations : topology.wholeDeclarations
        if !process.declaresTopology {
            declarations.unbindings = process.stage.map { topology.unbindings(of: $0) } ?? []
        }
        return try Connection(
            configuration, topology: TopologyDeclaration(declarations),
            duty: process.declaresTopology ? .declare : .check(advice: topologyAdvice),
            successor: TopologySuccessor(topology), thread: thread, logger: logger)
    }

    private static let topologyAdvice =
        "load the definitions, or let services declare: \(Settings.variable("topology.declare"))=true"
}

extension ConnectionStatus {
    /// What stops work over the connection, in one line; `nil` when nothing does.
    fileprivate var problem: String? {
        switch self {
        case .connected: nil
        case .connecting: "connecting"
        case .blocked(let reason): "blocked by the broker: \(reason)"
        case .disconnected(let error): "\(error)"
        case .closed: "closed"
        }
    }
}
