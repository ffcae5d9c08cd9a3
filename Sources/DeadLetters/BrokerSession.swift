package import Broker
package import Contracts
import Logging
import ServiceLifecycle
import ServiceRuntime

/// A broker, and Intake's names on it.
package struct BrokerTarget: Sendable {
    package var connection: ConnectionConfiguration
    package var topology: Topology

    package init(connection: ConnectionConfiguration, topology: Topology) {
        self.connection = connection
        self.topology = topology
    }
}

/// Two connections to the broker, for as long as the work on dead queues takes. They declare nothing: what is missing
/// is for the operator to know.
package struct BrokerSession: Sendable {
    package let topology: Topology
    package let consuming: Connection
    private let publishing: Connection
    /// How long a publish may wait for its confirm.
    private static let patience = Duration.seconds(30)

    /// Connects, runs `body`, and closes the connections in order: what was acknowledged is then with the broker, and
    /// what was held is back in its queue.
    /// - Throws: `DeadLetterTrouble` when the broker cannot be reached or refuses.
    package static func run<Result: Sendable>(
        _ target: BrokerTarget, _ body: (BrokerSession) async throws -> Result
    ) async throws -> Result {
        let session = try BrokerSession(target)
        // What the client has to say, the errors say in their own words.
        let logger = Logger(label: "services") { _ in SwiftLogNoOpLogHandler() }
        var configuration = ServiceGroupConfiguration(
            services: [session.publishing, session.consuming], logger: logger)
        configuration.maximumGracefulShutdownDuration = .seconds(15)
        let services = ServiceGroup(configuration: configuration)
        return try await withThrowingTaskGroup(of: Void.self) { group in
            // The connections live beside the body, and end with it.
            group.addTask { try await services.run() }
            let outcome: Swift.Result<Result, any Error>
            do {
                for connection in [session.publishing, session.consuming] {
                    try await Self.awaitConnected(connection, target)
                }
                outcome = .success(try await body(session))
            } catch {
                outcome = .failure(error)
            }
            await services.triggerGracefulShutdown()
            try await group.waitForAll()
            return try outcome.get()
        }
    }

    private init(_ target: BrokerTarget) throws(DeadLetterTrouble) {
        topology = target.topology
        let logger = Logger(label: "broker") { _ in SwiftLogNoOpLogHandler() }
        func connection(_ purpose: String, takesLargeHeaders: Bool = false) throws(DeadLetterTrouble) -> Connection {
            var configuration = target.connection
            configuration.name = "intake operator \(purpose)"
            configuration.takesLargeHeaders = takesLargeHeaders
            do throws(BrokerError) {
                return try Connection(configuration, logger: logger)
            } catch {
                throw DeadLetterTrouble(.refused, "the broker cannot be used: \(error)")
            }
        }
        consuming = try connection("consume", takesLargeHeaders: true)
        publishing = try connection("publish")
    }

    private static func awaitConnected(
        _ connection: Connection, _ target: BrokerTarget
    ) async throws(DeadLetterTrouble) {
        let nodes = target.connection.endpoints.map(\.description).joined(separator: ", ")
        var failures = 0
        for await status in connection.status.updates() {
            switch status {
            case .connecting: continue
            case .connected: return
            case .blocked(let reason):
                throw DeadLetterTrouble(.unconfirmed, "the broker takes no messages at the moment: \(reason)")
            case .disconnected(let error):
                failures += 1
                guard failures >= target.connection.endpoints.count || error.code == .accessRefused else { continue }
                throw DeadLetterTrouble(.unreachable, "the broker at \(nodes) cannot be used (\(error))")
            case .closed: throw DeadLetterTrouble(.unreachable, "the connection to the broker was closed")
            }
        }
        throw DeadLetterTrouble(.unreachable, "the connection to the broker was closed")
    }

    /// How many messages are ready in a queue, and how many consumers it has.
    /// - Throws: `DeadLetterTrouble` when there is no such queue.
    package func depth(of queue: String) async throws(DeadLetterTrouble) -> Connection.QueueDepth {
        guard let depth = try await depth(ifThere: queue) else {
            throw DeadLetterTrouble(.noQueue, "the broker has no queue \(queue)")
        }
        return depth
    }

    /// - Returns: `nil` when there is no such queue.
    package func depth(ifThere queue: String) async throws(DeadLetterTrouble) -> Connection.QueueDepth? {
        do {
            return try await consuming.depth(ofQueue: queue)
        } catch {
            if error.replyCode == 404 { return nil }
            throw DeadLetterTrouble(.refused, "the broker does not tell about the queue \(queue): \(error)")
        }
    }

    /// The queues that a stage's service consumes: its own, and all shards that are there.
    package func work(
        of stage: Stage
    ) async throws(DeadLetterTrouble) -> [(queue: String, depth: Connection.QueueDepth)] {
        var work = [(topology.queue(stage), try await depth(of: topology.queue(stage)))]
        guard Topology.canBeSharded(stage) else { return work }
        for number in 2...Topology.mostShards {
            let queue = topology.shard(number, of: stage)
            guard let depth = try await depth(ifThere: queue) else { break }
            work.append((queue, depth))
        }
        return work
    }

    /// Declares all that there is to declare.
    /// - Parameter shards: of each stage; no fewer than there are.
    /// - Returns: how many there are then.
    package func declare(shards: Int) async throws(DeadLetterTrouble) -> Int {
        do {
            let there = try await consuming.count(
                ofQueues: (2...Topology.mostShards).map { topology.shard($0, of: .progress) })
            let whole = topology.sharded(max(shards, there + 1))
            try await consuming.declare(TopologyDeclaration(whole.declarations))
            for stage in Stage.allCases {
                for number in whole.laterShards(stage) {
                    try await consuming.declare(TopologyDeclaration(whole.declarations(forShard: number, of: stage)))
                }
            }
            return whole.shards
        } catch {
            throw DeadLetterTrouble(.refused, "the broker does not take what was to be declared: \(error)")
        }
    }

    /// Publishes and waits for the confirm.
    /// - Throws: `DeadLetterTrouble`; whether the message was taken is then not known, unless the broker refused it.
    package func publish(_ message: Message, exchange: String, routingKey: String) async throws {
        let place = exchange.isEmpty ? "the queue \(routingKey)" : "the exchange \(exchange)"
        do {
            let isConfirmed = try await Self.within(Self.patience) {
                try await publishing.publish(message, exchange: exchange, routingKey: routingKey)
            }
            guard !isConfirmed else { return }
        } catch let error as BrokerError {
            throw error.code == .unroutable
                ? DeadLetterTrouble(.noQueue, "no queue takes a message for \(place)")
                : DeadLetterTrouble(.refused, "the broker does not take a message for \(place): \(error)")
        }
        let why = if case .blocked(let reason) = publishing.status.current { ": \(reason)" } else { "" }
        throw DeadLetterTrouble(
            .unconfirmed, "the broker has not confirmed a message for \(place) within \(Self.patience.written)\(why)")
    }

    /// - Returns: whether it ended in time; else it was cancelled.
    private static func within(
        _ limit: Duration, _ body: @escaping @Sendable () async throws -> Void
    ) async throws -> Bool {
        try await withThrowingTaskGroup(of: Bool.self) { group in
            // The body and a clock: whoever is first cancels the other.
            group.addTask {
                try await body()
                return true
            }
            group.addTask {
                try await Task.sleep(for: limit)
                return false
            }
            defer { group.cancelAll() }
            return try await group.next() ?? false
        }
    }
}
