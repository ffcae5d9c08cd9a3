package import Broker
package import Contracts
package import Logging
package import ServiceLifecycle

/// What the process shares with a service's composition root.
package struct ServiceContext: Sendable {
    package let identity: ProcessIdentity
    package let logger: Logger
    package let topology: Topology
    package let health: HealthRegistry
    package let admin: AdminRoutes
    /// What its own admin listener asks for, and those of the other services.
    package let adminToken: String?
    /// How the process reaches the broker.
    package let broker: ConnectionConfiguration
    let consuming: Connection
    let brokerPublisher: BrokerPublisher
    let untaken: UntakenMessages
    /// Whether it may declare what every service does.
    let declaresTopology: Bool
    /// Records spans of traces; `nil` where nobody collects them.
    package let spans: SpanRecorder?

    package var publisher: any MessagePublisher { brokerPublisher }

    /// Where the connections to the broker live. What does little but publish does best to run there, too; it must not
    /// block.
    package var brokerThread: any TaskExecutor { consuming.thread }

    /// The loop that consumes a queue of a stage, or those that consume its shards. Put it last in the list of
    /// services: it is to stop first.
    /// - Parameters:
    ///   - queue: the stage's own when `nil`, with all its shards.
    ///   - concurrency: messages in hand at a time, of all shards together; also the prefetch.
    ///   - policy: `RetryPolicy.standard` when `nil`.
    ///   - outagesHoldBack: whether a message that meets an outage keeps the others in hand: right where all of them
    ///     need what is away.
    ///   - computesOnly: whether the handler waits for nothing, and never blocks: it then runs on the connections'
    ///     thread, since to wake another one costs more than a small message does.
    ///   - patience: how long what has come waits for more, for a handler that takes batches and of which no other
    ///     stage needs what it does.
    ///   - gates: gone through before the handler, after the one for outages.
    ///   - recipient: whom the queue's messages are copies for, see `StageLoop.recipient`.
    ///   - metadata: of what the loop logs.
    package func stage(
        _ stage: Stage, queue: String? = nil, handler: some StageHandler, concurrency: Int, policy: RetryPolicy? = nil,
        outagesHoldBack: Bool = true, computesOnly: Bool = false, patience: Duration = .zero,
        gates: [any StageGate] = [], recipient: String? = nil, metadata: Logger.Metadata = [:]
    ) -> any Service {
        var logger = logger
        logger[metadataKey: "stage"] = "\(stage.rawValue)"
        for (key, value) in metadata { logger[metadataKey: key] = value }
        var loop = StageLoop(
            stage: stage, queue: queue ?? topology.queue(stage), handler: handler, policy: policy ?? .standard(stage),
            concurrency: concurrency, connection: consuming, publisher: brokerPublisher, topology: topology,
            logger: logger, metrics: StageMetrics(stage: stage), identity: identity, untaken: untaken,
            gates: (outagesHoldBack ? [OutageGate()] : []) + gates)
        loop.spans = spans
        loop.recipient = recipient
        loop.patience = patience
        if computesOnly { loop.executor = brokerThread }
        guard queue == nil, Topology.canBeSharded(stage) else { return loop }
        let share = ShardShare(concurrency)
        loop.share = share
        let template = loop
        return ShardedStage(
            stage: stage, topology: topology, connection: consuming, declares: declaresTopology, share: share,
            logger: logger
        ) { queue in
            var loop = template
            loop.queue = queue
            return loop
        }
    }

    /// What keeps all replicas of a stage's service together to a rate, see `DistributedRateLimiter`. One of a name for
    /// each process: two of one process do not keep each other off.
    /// - Parameter perSecond: how often all of them together may do it, more than zero.
    package func distributedRateLimiter(_ stage: Stage, named name: String, perSecond: Double) -> DistributedRateLimiter
    {
        DistributedRateLimiter(
            ExclusiveQueue(name: topology.turn(stage, of: name), connection: consuming), perSecond: perSecond)
    }

    /// Declares more than every service does, now and with each new connection.
    package func declare(_ declarations: Declarations) async {
        await consuming.add(TopologyDeclaration(declarations))
    }
}
