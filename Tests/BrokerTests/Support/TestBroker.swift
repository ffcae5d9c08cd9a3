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
