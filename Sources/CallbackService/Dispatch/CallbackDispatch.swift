import Contracts
import Logging
import ServiceLifecycle
import ServiceRuntime
import Synchronization

/// Works on the callbacks of each provider apart: a queue, a loop and a circuit breaker each, so that one partner that
/// is dead or slow takes nothing from the others. One more loop is for callbacks of providers that have no queue. Who
/// is told of trouble has the same of its own.
///
/// A provider that appears in the file gets its queue and loop at once. One that disappears keeps them until the
/// process ends; its callbacks are then treated as an unknown provider's. A new rate counts at once, a new concurrency
/// after a restart.
final class CallbackDispatch: Service {
    /// Makes the loop for a lane.
    typealias Loop = @Sendable (CallbackLane) -> any Service

    private let partners: ReloadingFile<Partners>
    /// For the providers whose entry names none, and for those that are unknown.
    private let concurrency: Int
    private let topology: Topology
    private let organizations: PartnerOrganizations
    private let logger: Logger
    /// Declares a provider's queue.
    private let declare: @Sendable (Declarations) async -> Void
    private let loop: Loop
    private let endpoints = Mutex<[String: EndpointGuard]>([:])

    init(
        partners: ReloadingFile<Partners>, concurrency: Int, topology: Topology,
        organizations: PartnerOrganizations = PartnerOrganizations(), logger: Logger,
        declare: @escaping @Sendable (Declarations) async -> Void, loop: @escaping Loop
    ) {
        self.partners = partners
        self.concurrency = concurrency
        self.topology = topology
        self.organizations = organizations
        self.logger = logger
        self.declare = declare
        self.loop = loop
    }

    /// How it stands with a provider's endpoint; `nil` for one that has no loop.
    func endpoint(of provider: String) -> EndpointGuard? { endpoints.withLock { $0[provider] } }

    /// The providers whose endpoints are left alone but for probes, sorted.
    var degraded: [String] {
        endpoints.withLock { $0.filter { $0.value.degradedSince != nil }.keys.sorted() }
    }

    /// Runs the loops until a graceful shutdown; then each finishes what it has in hand.
    func run() async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            let rest = loop(CallbackLane(queue: topology.queue(.callback), concurrency: concurrency))
            // Each loop is a task of its own to the end of the process; one that fails ends them all, and the process.
            group.addTask { try await rest.run() }
            for await partners in partners.values().cancelOnGracefulShutdown() {
                for (provider, partner) in partners.byID.sorted(by: { $0.key < $1.key }) {
                    guard let lane = lane(of: provider, partner) else { continue }
                    await declare(topology.declarations(forProvider: provider))
                    let loop = loop(lane)
                    // A provider's, to the end of the process like the one above.
                    group.addTask { try await loop.run() }
                }
                for (name, recipient) in partners.recipients.sorted(by: { $0.key < $1.key }) {
                    guard let lane = lane(to: name, recipient) else { continue }
                    await declare(topology.declarations(forRecipient: name))
                    let loop = loop(lane)
                    // A recipient's, the same.
                    group.addTask { try await loop.run() }
                }
            }
            try await group.waitForAll()
        }
    }

    /// - Returns: `nil` when there is a loop already.
    private func lane(to name: String, _ recipient: AlertRecipient) -> CallbackLane? {
        if let endpoint = endpoint(of: name) {
            endpoint.change(rate: recipient.endpoint.rate)
            return nil
        }
        let lane = CallbackLane(to: name, recipient, queue: topology.callbackQueue(of: name), logger: logger)
        endpoints.withLock { $0[name] = lane.endpoint }
        return lane
    }

    /// - Returns: `nil` when there is a loop already, or can be none.
    private func lane(of provider: String, _ partner: Partner) -> CallbackLane? {
        if let endpoint = endpoint(of: provider) {
            endpoint.change(rate: partner.rate)
            return nil
        }
        guard Topology.isPartition(provider) else {
            logger.error(
                "Provider's id cannot name a queue, its callbacks go through the common one",
                metadata: ["provider": "\(provider)"])
            return nil
        }
        let lane = CallbackLane(
            of: provider, partner, concurrency: concurrency, queue: topology.callbackQueue(of: provider),
            organizations: organizations, logger: logger)
        endpoints.withLock { $0[provider] = lane.endpoint }
        return lane
    }
}
