import Broker
import Contracts
import Logging
import ServiceLifecycle
import ServiceRuntime
import Terminal

/// Two connections to the broker, for as long as a command needs them. They declare nothing: what is missing is for the
/// operator to know.
struct BrokerSession: Sendable {
    let topology: Topology
    let consuming: Connection
    private let publishing: Connection
    /// How long a publish may wait for its confirm.
    private static let patience = Duration.seconds(30)

    /// Connects, runs `body`, and closes the connections in order: what was acknowledged is then with the broker, and
    /// what was held is back in its queue.
    /// - Throws: `CommandError` when the broker cannot be reached or refuses.
    static func run<Result: Sendable>(
        _ target: BrokerTarget, _ body: (BrokerSession) async throws -> Result
    ) async throws -> Result {
        let session = try BrokerSession(target)
        // What the client has to say, the command says in its own words.
        let logger = Logger(label: "services") { _ in SwiftLogNoOpLogHandler() }
        var configuration = ServiceGroupConfiguration(
            services: [session.publishing, session.consuming], logger: logger)
        configuration.maximumGracefulShutdownDuration = .seconds(15)
        let services = ServiceGroup(configuration: configuration)
        return try await withThrowingTaskGroup(of: Void.self) { group in
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

    private init(_ target: BrokerTarget) throws(CommandError) {
        topology = target.topology
        let logger = Logger(label: "broker") { _ in SwiftLogNoOpLogHandler() }
        func connection(_ purpose: String, takesLargeHeaders: Bool = false) throws(CommandError) -> Connection {
            var configuration = target.connection
            configuration.name = "intake operator \(purpose)"
            configuration.takesLargeHeaders = takesLargeHeaders
            do throws(BrokerError) {
                return try Connection(configuration, logger: logger)
            } catch {
                throw CommandError("the broker cannot be used: \(error)")
            }
        }
        consuming = try connection("consume", takesLargeHeaders: true)
        publishing = try connection("publish")
    }

    private static func awaitConnected(_ connection: Connection, _ target: BrokerTarget) async throws(CommandError) {
        let nodes = target.connection.endpoints.map(\.description).joined(separator: ", ")
        var failures = 0
        for await status in connection.status.updates() {
            switch status {
            case .connecting: continue
            case .connected: return
            case .blocked(let reason): throw CommandError("the broker takes no messages at the moment: \(reason)")
            case .disconnected(let error):
                failures += 1
                guard failures >= target.connection.endpoints.count || error.code == .accessRefused else { continue }
                throw CommandError("the broker at \(nodes) cannot be used (\(error)): see --broker-url")
            case .closed: throw CommandError("the connection to the broker was closed")
            }
        }
        throw CommandError("the connection to the broker was closed")
    }

    /// How many messages are ready in a queue, and how many consumers it has.
    /// - Throws: `CommandError` when there is no such queue.
    func depth(of queue: String) async throws(CommandError) -> Connection.QueueDepth {
        guard let depth = try await depth(ifThere: queue) else {
            throw CommandError("the broker has no queue \(queue): is --topology-prefix right?")
        }
        return depth
    }

    /// - Returns: `nil` when there is no such queue.
    func depth(ifThere queue: String) async throws(CommandError) -> Connection.QueueDepth? {
        do {
            return try await consuming.depth(ofQueue: queue)
        } catch {
            if error.replyCode == 404 { return nil }
            throw CommandError("the broker does not tell about the queue \(queue): \(error)")
        }
    }

    /// Publishes and waits for the confirm.
    /// - Throws: `CommandError`; whether the message was taken is then not known, unless the broker refused it.
    func publish(_ message: Message, exchange: String, routingKey: String) async throws {
        let place = exchange.isEmpty ? "the queue \(routingKey)" : "the exchange \(exchange)"
        do {
            let isConfirmed = try await Self.within(Self.patience) {
                try await publishing.publish(message, exchange: exchange, routingKey: routingKey)
            }
            guard !isConfirmed else { return }
        } catch let error as BrokerError {
            throw CommandError(
                error.code == .unroutable
                    ? "no queue takes a message for \(place): is --topology-prefix right?"
                    : "the broker does not take a message for \(place): \(error)")
        }
        let why = if case .blocked(let reason) = publishing.status.current { ": \(reason)" } else { "" }
        throw CommandError("the broker has not confirmed a message for \(place) within \(Self.patience)\(why)")
    }

    /// - Returns: whether it ended in time; else it was cancelled.
    private static func within(
        _ limit: Duration, _ body: @escaping @Sendable () async throws -> Void
    ) async throws -> Bool {
        try await withThrowingTaskGroup(of: Bool.self) { group in
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
