import Foundation
import Logging
import TestSupport

@testable import Broker

/// A broker, and names on it that no other test uses.
struct TestBroker: Sendable {
    let node: BrokerNode
    /// The beginning of every name.
    let prefix = "broker-" + UUID().uuidString.prefix(8).lowercased()

    /// On the node of all suites that leave it in peace.
    static func shared() async throws -> TestBroker { TestBroker(node: try await .shared()) }

    /// A queue's name.
    func queue(_ name: String = "queue") -> String { "\(prefix).\(name)" }

    /// The name of a queue that has taken its first message.
    ///
    /// On a busy machine RabbitMQ 3.10 can end the process of a new quorum queue, with what was published into it, when
    /// its first beat comes before its first entry is written (rabbitmq-server, pull request 12950). Such a one is
    /// deleted and declared anew: it is not what a test is about that freezes or blocks the broker.
    func settledQueue(_ name: String) async throws -> String {
        let queue = queue(name)
        for _ in 0..<5 {
            let connection = try connection("first \(name)", queues: [queue])
            let isSettled = try await running(connection) {
                // What is too late is not there.
                let failures = try? await connection.publishAll(["first"], queue: queue, within: .seconds(10))
                guard failures == [:] else { return false }
                let consumption = await connection.consume(queue: queue, prefetch: 1)
                _ = try await connection.collect(["first"], from: consumption)
                return true
            }
            if isSettled { return queue }
            try await node.management.deleteQueue(queue)
        }
        throw BrokerError(.timedOut, "\(queue) was declared five times and took no message in 10 s each")
    }

    /// Durable quorum queues.
    func topology(queues names: [String]) -> TopologyDeclaration {
        var topology = TopologyDeclaration()
        topology.queues = names.map { .init(name: $0, arguments: ["x-queue-type": .string("quorum")]) }
        return topology
    }

    /// - Parameter name: what the management API shows, after the prefix.
    func configuration(_ name: String, password: String = "guest") -> ConnectionConfiguration {
        var configuration = ConnectionConfiguration(
            endpoints: [.init(host: "127.0.0.1", port: node.ports.amqp)],
            credentials: .plain(user: "guest", password: password), name: connectionName(name))
        configuration.backoff.limit = .seconds(1)
        return configuration
    }

    func connectionName(_ name: String) -> String { "\(prefix) \(name)" }

    func connection(
        _ name: String = "test", queues: [String] = [], thread: ConnectionThread? = nil,
        configure: (inout ConnectionConfiguration) -> Void = { _ in }
    ) throws -> Connection {
        var configuration = configuration(name)
        configure(&configuration)
        return try Connection(configuration, topology: topology(queues: queues), thread: thread, logger: .test)
    }

    /// Waits until the management API shows a connection.
    /// - Returns: what it calls it.
    func shownName(_ name: String) async throws -> String {
        try await eventually("the management API shows the connection \(name)") {
            try await node.management.connections().first {
                $0.clientProperties?.connectionName == connectionName(name)
            }?.name
        }
    }

    /// Waits until nothing is left in a queue, with a consumer or without.
    func isEmptied(_ queue: String) async throws {
        try await eventually("\(queue) is empty") { try await node.management.queue(queue)?.isEmpty == true }
    }
}
