import Broker
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
    let consuming: Connection
    let brokerPublisher: BrokerPublisher

    package var publisher: any MessagePublisher { brokerPublisher }

    /// The loop that consumes a stage's queue. Put it last in the list of services: it is to stop first.
    /// - Parameters:
    ///   - concurrency: messages in hand at a time; also the prefetch.
    ///   - policy: `RetryPolicy.standard` when `nil`.
    package func stage(
        _ stage: Stage, handler: some StageHandler, concurrency: Int, policy: RetryPolicy? = nil
    ) -> any Service {
        var logger = logger
        logger[metadataKey: "stage"] = "\(stage.rawValue)"
        return StageLoop(
            stage: stage, handler: handler, policy: policy ?? .standard(stage), concurrency: concurrency,
            connection: consuming, publisher: brokerPublisher, topology: topology, logger: logger,
            metrics: StageMetrics(stage: stage), identity: identity)
    }
}
