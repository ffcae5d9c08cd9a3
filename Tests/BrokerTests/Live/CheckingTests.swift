import TestSupport
import Testing

@testable import Broker

/// A connection that may not declare its topology, and looks whether it is there.
@Suite(.timeLimit(.minutes(2))) struct CheckingTests {
    fileprivate static let advice = "make it"

    private func connection(
        _ broker: TestBroker, _ name: String, _ topology: TopologyDeclaration
    ) throws -> Connection {
        try Connection(broker.configuration(name), topology: topology, duty: .check(advice: Self.advice), logger: .test)
    }

    /// What is missing is named, and the connection stands once it is there.
    @Test
    func whatIsMissingIsNamed() async throws {
        let broker = try await TestBroker.shared()
        let (exchange, queue) = (broker.queue("events"), broker.queue())
        var exchanges = TopologyDeclaration()
        exchanges.exchanges = [.init(name: exchange, kind: "topic")]
        var topology = broker.topology(queues: [queue])
        topology.exchanges = exchanges.exchanges
        let maker = try broker.connection("maker")
        let connection = try connection(broker, "checks", topology)
        try await running(maker, connection) { [exchanges, topology] in
            try await maker.status("connected", isWanted: \.isConnected)
            try await connection.expectMissing("exchange \(exchange)")
            try await maker.declare(exchanges)
            try await connection.expectMissing("queue \(queue)")
            try await maker.declare(topology)
            try await connection.status("connected", isWanted: \.isConnected)
            #expect(try await connection.publishAll(["a"], queue: queue).isEmpty)
            try await maker.deleteQueue(queue)
        }
    }

    /// A consumer's queue that was deleted is named, and consumed again once it is there.
    @Test
    func aConsumersQueueThatWasDeletedIsNamed() async throws {
        let broker = try await TestBroker.shared()
        let queue = broker.queue()
        // Classic, see DeclaringTests.
        var topology = TopologyDeclaration()
        topology.queues = [.init(name: queue)]
        let maker = try broker.connection("maker")
        let connection = try connection(broker, "checks", topology)
        try await running(maker, connection) { [topology] in
            try await maker.status("connected", isWanted: \.isConnected)
            try await maker.declare(topology)
            try await connection.status("connected", isWanted: \.isConnected)
            let consumption = await connection.consume(queue: queue, prefetch: 1)
            try await eventually("it consumes") { try await maker.depth(ofQueue: queue).consumers == 1 }
            try await maker.deleteQueue(queue)
            try await connection.expectMissing("queue \(queue)")
            #expect((try? await maker.depth(ofQueue: queue)) == nil, "nobody has declared it")
            try await maker.declare(topology)
            try await maker.publish(.test("a"), queue: queue)
            let delivery = try await consumption.take(1)[0]
            connection.acknowledge(delivery)
            #expect(delivery.message.properties.messageID == "a")
            try await maker.deleteQueue(queue)
        }
    }
}

extension Connection {
    /// Waits until the connection says that something is not there.
    nonisolated fileprivate func expectMissing(_ what: String) async throws {
        let missing = BrokerError(
            .topologyMissing, "\(what) is not on the broker: \(CheckingTests.advice)", replyCode: 404)
        try await status("\(what) is missing") { $0.failure == missing }
    }
}
