import TestSupport
import Testing

@testable import Broker

/// Coming back after a loss.
@Suite(.timeLimit(.minutes(2)))
struct RecoveryTests {
    /// Connections closed by an operator in the middle of a load: nothing is lost, and consumers come back.
    @Test
    func connectionsClosedByAnOperatorInTheMiddleOfALoad() async throws {
        let broker = try await TestBroker.shared()
        let queue = broker.queue()
        let publisher = try broker.connection("publisher", queues: [queue])
        let consumer = try broker.connection("consumer")
        try await running(publisher, consumer) {
            // Then the queue is there.
            try await publisher.status("connected", isWanted: \.isConnected)
            let consumption = await consumer.consume(queue: queue, prefetch: 50)
            let load = Load(publisher, queue: queue)
            async let published = load.run(publishers: 50)
            async let delivered = load.collect(from: consumption, of: consumer)
            for (connection, name) in [(publisher, "publisher"), (consumer, "consumer")] {
                try await load.goesOn()
                let shownName = try await broker.shownName(name)
                let updates = connection.status.updates()
                try await broker.node.management.closeConnection(shownName)
                let lost = try await within(.seconds(20), "the loss of \(name)") {
                    await updates.first(where: \.isDisconnected)
                }
                #expect(lost?.failure?.code == .connectionLost)
                #expect(lost?.failure?.replyCode == 320)
                try await connection.status("connected", isWanted: \.isConnected)
            }
            try await load.goesOn()
            load.finish()
            let count = try await published
            let ids = try await delivered
            #expect(ids == Set((0..<count).map(String.init)))
        }
    }

    @Test
    func aQueueDeletedUnderItsConsumerIsDeclaredAgainAndConsumedFromAgain() async throws {
        let broker = try await TestBroker.shared()
        let queue = broker.queue()
        let connection = try broker.connection(queues: [queue])
        try await running(connection) {
            let consumption = await connection.consume(queue: queue, prefetch: 5)
            try await connection.publish(.test("before"), queue: queue)
            let before = try await consumption.take(1)[0]
            for round in 0..<3 {
                try await broker.node.management.deleteQueue(queue)
                try await eventually("the consumer is back") {
                    try await connection.depth(ofQueue: queue).consumers == 1
                }
                // It belongs to the channel that went with the queue: settling it has no effect.
                connection.acknowledge(before)
                try await connection.publish(.test("after \(round)"), queue: queue)
                let after = try await consumption.take(1)[0]
                #expect(after.message.properties.messageID == "after \(round)")
                connection.acknowledge(after)
            }
            // The old channels are closed; the consumer's and the publisher's are left.
            try await eventually("two channels are left") { await connection.channelCount == 2 }
            #expect(connection.status.current.isConnected)
        }
    }

    /// With several brokers to choose from, one that is away is passed over.
    @Test
    func withSeveralBrokersToChooseFrom() async throws {
        let broker = try await TestBroker.shared()
        let connection = try broker.connection {
            $0.endpoints.insert(.init(host: "127.0.0.1", port: 1), at: 0)
            $0.endpoints.insert(.init(host: "no-such-host.invalid", port: 1), at: 0)
        }
        try await running(connection) {
            let status = try await connection.status("connected", isWanted: \.isConnected)
            #expect(status == .connected(.init(host: "127.0.0.1", port: broker.node.ports.amqp)))
        }
    }

    /// A topology that contradicts what is there is told, and tried again.
    @Test
    func aTopologyThatContradictsWhatIsThereIsTold() async throws {
        let broker = try await TestBroker.shared()
        let queue = broker.queue()
        var topology = TopologyDeclaration()
        topology.queues = [.init(name: queue, arguments: ["x-queue-type": .string("classic")])]
        let other = try Connection(broker.configuration("other"), topology: topology, logger: .test)
        let connection = try broker.connection("test", queues: [queue])
        try await running(other) {
            try await other.status("connected", isWanted: \.isConnected)
            try await running(connection) {
                let status = try await connection.status("refused", isWanted: \.isDisconnected)
                #expect(status.failure?.code == .channelClosed)
                #expect(status.failure?.replyCode == 406)
                try await other.deleteQueue(queue)
                try await connection.status("connected", isWanted: \.isConnected)
            }
            try await other.deleteQueue(queue)
        }
    }

    @Test
    func aWrongPasswordIsToldAsSuch() async throws {
        let broker = try await TestBroker.shared()
        let configuration = broker.configuration("test", password: "wrong")
        let connection = try Connection(configuration, logger: .test)
        try await running(connection) {
            let status = try await connection.status("refused", isWanted: \.isDisconnected)
            #expect(status.failure?.code == .accessRefused)
            #expect(status.failure?.description.contains("wrong") == false)
        }
    }

    @Test
    func aVirtualHostThatIsNotThereIsToldAsSuch() async throws {
        let broker = try await TestBroker.shared()
        let connection = try broker.connection { $0.virtualHost = "/nowhere" }
        try await running(connection) {
            let status = try await connection.status("refused", isWanted: \.isDisconnected)
            #expect(status.failure?.code == .accessRefused)
        }
    }

    @Test
    func nobodyListensToldAndTriedAgain() async throws {
        let connection = try Connection(.unreachable(), logger: .test)
        try await running(connection) {
            let status = try await connection.status("refused", isWanted: \.isDisconnected)
            #expect(status.failure?.code == .connectFailed)
        }
        #expect(connection.status.current == .closed)
    }
}
