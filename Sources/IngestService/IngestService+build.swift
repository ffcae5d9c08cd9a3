import AdminCalls
import Contracts
import CoverageMap
import HTTPListener
import Hummingbird
import Logging
import Pages
import PostgreSQL
import ServiceLifecycle
import ServiceRuntime

import struct Foundation.Date

extension IngestService {
    /// Wires the service. The services stop in reverse order: first nobody waits any more, then no more facts, then no
    /// more requests, then the relay when it has published what there is.
    static func build(_ configuration: IngestConfiguration, _ context: ServiceContext) async throws -> [any Service] {
        guard let providers = configuration.providers else {
            throw FileProblems(["providers.file has problems"])
        }
        let metrics = IngestMetrics()
        let handover = OutboxHandover(limit: OutboxRelay.Configuration().handoverLimit)
        let store = try store(configuration, handover, metrics, context.logger)
        let relay = OutboxRelay(
            store: store, handover: handover, publisher: context.publisher, exchange: context.topology.events,
            left: try await store.outboxStatus().last ?? 0, executor: context.brokerThread, metrics: metrics,
            spans: context.spans, logger: context.logger)
        let log = LogTruncation(store: store, metrics: metrics, logger: context.logger)
        addReadinessChecks(to: context.health, store: store, outboxAgeLimit: configuration.outboxAgeLimit)
        let waiters = JobWaiters(
            limit: configuration.waiterLimit, limitPerCaller: configuration.waiterLimitPerCaller,
            database: configuration.storeAddress, logger: context.logger)
        let pace = RecentPace(initial: configuration.retryAfter)
        let refusals = RefusalTally()
        let peers = CallbackPeers(
            configuration.callbackAdmin.map { AdminClient(base: $0, token: context.adminToken) })
        guard let signIn = configuration.signIn else { throw FileProblems(["sign-in.file has problems"]) }
        let identity = IdentityProviders(file: { signIn.value }, now: { Date() })
        let api = try listener(configuration, context, store, metrics, refusals, waiters, pace, peers, identity) {
            providers.value
        }
        let deadlines = ReviewDeadlines(store: store, waiters: waiters, logger: context.logger)
        let reminders = ReviewReminders(store: store, logger: context.logger)
        let progress = context.stage(
            .progress,
            handler: ProgressHandler(
                store: store, metrics: metrics, waiters: waiters, pace: pace, reviewRequested: deadlines.wake),
            concurrency: configuration.progressConcurrency, patience: ProgressHandler.patience)
        let retention = Retention(
            store: store, log: log, sweeps: RetentionSweep.all(configuration.retention), logger: context.logger)
        addAdminRoutes(to: context.admin, store, log, waiters, peers)
        let history = FlowHistory()
        let runs = RemedyRuns(
            store: store, logger: context.logger, now: { Date() },
            work: DeadQueueWork(configuration.remedies(over: context.broker), context.topology, store: store).settle)
        let console = ConsoleRoom(
            store: store, templates: try PageTemplates(), history: history, runs: runs,
            providers: { providers.value }, refusals: refusals, peers: peers, identity: identity, now: { Date() })
        context.admin.addPages(below: "/console") { console.register(on: $0) }
        let watch = ReconciliationWatch(
            store: store, metrics: metrics, history: history, stuckAfter: configuration.stuckAfter,
            logger: context.logger)
        let search = SearchIndexing(store: store, logger: context.logger)
        return [
            providers, signIn, relay, watch, log, retention, search, deadlines, reminders, runs, api, progress, waiters,
        ]
    }

    /// - Throws: `Settings.Problem` when the file or the server cannot be opened or written.
    private static func store(
        _ configuration: IngestConfiguration, _ handover: OutboxHandover, _ metrics: IngestMetrics, _ logger: Logger
    ) throws(Settings.Problem) -> RequestStore {
        do throws(StoreError) {
            let database = try database(configuration, metrics)
            logger.info(
                "The store is open.",
                metadata: ["store": "\(configuration.storeAddress?.shown ?? configuration.storePath)"])
            return RequestStore(
                database: database, logger: logger,
                handOver: { entries in
                    // What does not fit waits in the table.
                    for _ in 0..<handover.put(entries) { metrics.handOverOverflowed() }
                })
        } catch {
            guard let address = configuration.storeAddress else {
                throw Settings.Problem(key: "store.path", text: "\(configuration.storePath): \(error.detail)")
            }
            throw Settings.Problem(key: "store.url", text: "\(address.shown): \(error.detail)")
        }
    }

    private static func database(
        _ configuration: IngestConfiguration, _ metrics: IngestMetrics
    ) throws(StoreError) -> any StoreDatabase {
        let observe: @Sendable (Int, Duration) -> Void = { metrics.committed(writes: $0, in: $1) }
        guard let address = configuration.storeAddress else {
            return try SQLiteDatabase(
                path: configuration.storePath, batchLimit: configuration.storeBatch, observe: observe)
        }
        return try PostgresDatabase(address, batchLimit: configuration.storeBatch, observe: observe)
    }

    /// The HTTP server.
    private static func listener(
        _ configuration: IngestConfiguration, _ context: ServiceContext, _ store: RequestStore,
        _ metrics: IngestMetrics, _ refusals: RefusalTally, _ waiters: JobWaiters, _ pace: RecentPace,
        _ peers: CallbackPeers, _ identity: IdentityProviders,
        providers: @escaping @Sendable () -> ProviderDirectory
    ) throws -> ListeningService {
        let authenticator = Authenticator(providers: providers, people: store)
        let access = StoreAccess(store: store, retryAfter: { pace.retryAfter })
        let router = IngestRouter.build(
            submissions: SubmissionController(
                access: access, authenticator: authenticator, bodies: RequestBodyReader(limit: configuration.bodyLimit),
                metrics: metrics, refusals: refusals, retryAfter: { pace.retryAfter }, now: { Date() }),
            queries: QueryController(
                access: access, authenticator: authenticator,
                waiting: JobWaiting(waiters: waiters, noticesClosedClients: true),
                retryAfter: { pace.retryAfter }, now: { Date() }),
            statuses: StatusController(
                access: access, authenticator: authenticator, bodies: RequestBodyReader(limit: configuration.bodyLimit),
                waiters: waiters, now: { Date() }),
            partners: PartnerController(
                access: access, authenticator: authenticator,
                bodies: RequestBodyReader(limit: configuration.bodyLimit),
                waiters: waiters, now: { Date() }),
            desk: DeskRoom(
                store: store, templates: try PageTemplates(), waiters: waiters, base: mapBase(context.logger),
                coverage: CoverageBoard(AdminClient(base: configuration.decisionAdmin, token: context.adminToken)),
                identity: identity, now: { Date() }),
            partnerPages: PartnerRoom(
                store: store, templates: try PageTemplates(), authenticator: authenticator, waiters: waiters,
                peers: peers, now: { Date() }),
            docs: DocsController(templates: try PageTemplates()), isTLS: configuration.tls != nil, spans: context.spans)
        let logger = context.logger
        var limits = configuration.connections
        limits.connections = OpenFilesLimit.connections(
            limits.connections, beside: ConnectionLimits.admin.connections, logger: logger)
        let door = GuardedListener(
            "api", limits: limits, tls: configuration.tls, staysOnLoop: true, logger: logger, observe: metrics.refused)
        context.health.addReadinessCheck("api") { door.problem }
        // The server says what it does in sentences of its own; ours below has the same in metadata.
        var serverLogger = logger
        serverLogger.logLevel = .notice
        let server = Application(
            router: router,
            server: try door.server(),
            configuration: door.configuration(host: configuration.host, port: configuration.port),
            onServerRunning: { channel in
                logger.info(
                    "The API is listening.",
                    metadata: ["host": "\(configuration.host)", "port": "\(channel.localAddress?.port ?? 0)"])
            },
            logger: serverLogger)
        return ListeningService(server, key: "http", host: configuration.host, port: configuration.port)
    }

    /// The counties that the desk's map is drawn on. Requests are taken without them.
    private static func mapBase(_ logger: Logger) -> MapBase? {
        do { return MapBase(try ShapesFile.read()) } catch {
            logger.error(
                "The map's borders cannot be read beside the program: the desk has no map.",
                metadata: ["error": "\(error)"])
            return nil
        }
    }

    static func addAdminRoutes(
        to admin: AdminRoutes, _ store: RequestStore, _ log: LogTruncation, _ waiters: JobWaiters,
        _ peers: CallbackPeers
    ) {
        let access = StoreAccess(store: store)
        admin.add { PlaceController(access: access).register(on: $0) }
        admin.add { WaitingController(access: access, peers: peers, now: { Date() }).register(on: $0) }
        admin.add { StaffAdminController(access: access, now: { Date() }).register(on: $0) }
        admin.add { group in
            AdminRouter.register(
                on: group, deadLetters: DeadLetterController(access: access, now: { Date() }),
                reconciliation: ReconciliationController(access: access, now: { Date() }),
                requests: RequestAdminController(access: access, log: log, now: { Date() }),
                finder: RequestFinder(access: access, now: { Date() }),
                reviews: ReviewController(
                    access: access,
                    decider: ReviewDecider(waiters: waiters), now: { Date() }))
        }
    }

    private static func addReadinessChecks(
        to health: HealthRegistry, store: RequestStore, outboxAgeLimit: Duration
    ) {
        let probe = StoreProbe(store: store)
        health.addReadinessCheck("store") { await probe.problem() }
        // Reported, but no reason to send partners away: what waits here is safe.
        health.addReadinessCheck("outbox", counts: false) {
            do {
                let status = try await store.outboxStatus()
                guard let oldest = status.oldest else { return nil }
                let age = Duration(clampingSeconds: Date().timeIntervalSince(oldest))
                return age <= outboxAgeLimit
                    ? nil : "\(status.count) events wait, the oldest for \(age.age)"
            } catch {
                return "cannot read: \(error)"
            }
        }
    }
}
