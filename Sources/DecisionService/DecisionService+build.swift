import Contracts
import HTTPListener
import Hummingbird
import Logging
import Places
import ServiceLifecycle
import ServiceRuntime

import struct Foundation.Date

extension DecisionService {
    /// Requests decided at a time. The work is a few microseconds: this many keep the confirms of their outputs on the
    /// way together.
    static let concurrency = 256

    /// Wires the service, and runs it until it is told to stop.
    static func run() async -> Never {
        await ServiceProcess.run("decision", configure: { DecisionConfiguration(&$0) }, services: services)
    }

    private static func services(
        _ configuration: DecisionConfiguration, _ context: ServiceContext
    ) async throws -> [any Service] {
        guard let coverage = configuration.coverage else { throw FileProblems(["coverage.file was not read"]) }
        let handler = DecisionHandler(coverage: { coverage.value })
        addAdminRoutes(to: context.admin, configuration) { coverage.value }
        var services: [any Service] = [coverage, CoverageWarnings(coverage: coverage, logger: context.logger)]
        if let questions = configuration.questions {
            services.append(try listener(questions, context) { coverage.value })
        }
        return services + [context.stage(.decision, handler: handler, concurrency: concurrency, computesOnly: true)]
    }

    private static func addAdminRoutes(
        to admin: AdminRoutes, _ configuration: DecisionConfiguration, coverage: @escaping @Sendable () -> Coverage
    ) {
        let gazetteerPath = configuration.gazetteerPath
        let drafts = DraftController(
            coverage: coverage, shelf: DraftShelf(), counties: configuration.counties, now: { Date() })
        let areas = AreaController(
            coverage: coverage,
            gazetteer: { () throws(GazetteerFileError) in try GazetteerFile.read(gazetteerPath) }, now: { Date() })
        admin.add { group in
            drafts.register(on: group)
            areas.register(on: group)
        }
    }

    /// Where partners ask before they post.
    private static func listener(
        _ settings: QuestionSettings, _ context: ServiceContext, coverage: @escaping @Sendable () -> Coverage
    ) throws -> any Service {
        let logger = context.logger
        var limits = ConnectionLimits()
        limits.bodyBytes = 0
        limits.connections = OpenFilesLimit.connections(
            settings.connections, beside: ConnectionLimits.admin.connections, logger: logger)
        let door = GuardedListener("coverage", limits: limits, logger: logger)
        // Partners ask before they post, and may post without: it is told, and keeps nothing from being decided.
        context.health.addReadinessCheck("coverage-questions", counts: false) { door.problem }
        let questions = CoverageController(
            coverage: coverage, finder: PlaceFinder(gazetteer: settings.gazetteer), token: settings.token,
            rate: QuestionRate(perSecond: settings.rate), now: { Date() })
        // The server says what it does in sentences of its own; ours below has the same in metadata.
        var serverLogger = logger
        serverLogger.logLevel = .notice
        let server = Application(
            router: CoverageRouter.build(questions),
            server: try door.server(), configuration: door.configuration(host: settings.host, port: settings.port),
            onServerRunning: { channel in
                logger.info(
                    "Questions about coverage are answered.",
                    metadata: ["host": "\(settings.host)", "port": "\(channel.localAddress?.port ?? 0)"])
            },
            logger: serverLogger)
        return ListeningService(server, key: "coverage", host: settings.host, port: settings.port)
    }
}

/// Logs what was mended or left out in the coverage's files, each time that they are read.
private struct CoverageWarnings: Service {
    let coverage: ReloadingFile<Coverage>
    let logger: Logger

    func run() async {
        for await coverage in coverage.values().cancelOnGracefulShutdown() {
            for warning in coverage.warnings {
                logger.warning(
                    "A flaw in the coverage's files was mended.",
                    metadata: ["warning": "\(warning)", "coverage_version": "\(coverage.version)"])
            }
        }
    }
}
