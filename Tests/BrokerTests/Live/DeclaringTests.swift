import TestSupport
import Testing

@testable import Broker

/// What a connection declares beside queues, and while it stands.
@Suite(.timeLimit(.minutes(2))) struct DeclaringTests {
    /// An exchange passes on to another, whose alternate gets what no queue is bound for.
    @Test
    func anExchangePassesOnToAnother() async throws {
        let broker = try await TestBroker.shared()
        let (mine, rest) = (broker.queue("mine"), broker.queue("rest"))
        let (events, parted, unrouted) = (broker.queue("events"), broker.queue("parted"), broker.queue("unrouted"))
        var topology = broker.topology(queues: [mine, rest])
        topology.exchanges = [
            .init(name: events, kind: "topic"), .init(name: unrouted, kind: "fanout"),
            .init(name: parted, kind: "topic", arguments: ["alternate-exchange": .string(unrouted)]),
        ]
        topology.bindings = [
            .init(queue: mine, exchange: parted, routingKey: "#.mine"),
            .init(queue: rest, exchange: unrouted, routingKey: ""),
        ]
        topology.exchangeBindings = [.init(destination: parted, source: events, routingKey: "decided.#")]
        let connection = try Connection(broker.configuration("test"), topology: topology, logger: .test)
        try await running(connection) {
            for (key, queue) in [("decided.mine", mine), ("decided.yours", rest), ("decided", rest)] {
                try await connection.publish(.test(key), exchange: events, routingKey: key)
                let consumption = await connection.consume(queue: queue, prefetch: 1)
                var deliveries = consumption.makeAsyncIterator()
                let delivery = try #require(await deliveries.next())
                #expect(delivery.message.properties.messageID == key)
                connection.acknowledge(delivery)
                await connection.close(consumption)
            }
            await #expect(throws: BrokerError.self) {
                try await connection.publish(.test("other"), exchange: events, routingKey: "other")
            }
            for queue in [mine, rest] { try await connection.deleteQueue(queue) }
        }
    }

    /// What comes to a queue by two ways at once is in it once: so one way can take the place of another without a
    /// loss, and without a second copy.
    @Test
    func whatComesToAQueueByTwoWaysIsInItOnce() async throws {
        let broker = try await TestBroker.shared()
        let queue = broker.queue()
        let (events, parted) = (broker.queue("events"), broker.queue("parted"))
        var topology = broker.topology(queues: [queue])
        topology.exchanges = [
            .init(name: events, kind: "topic"),
            .init(name: parted, kind: "x-consistent-hash", arguments: ["hash-property": .string("correlation_id")]),
        ]
        topology.bindings = [
            .init(queue: queue, exchange: events, routingKey: "a.*"),
            .init(queue: queue, exchange: events, routingKey: "#"),
            .init(queue: queue, exchange: parted, routingKey: "1"),
        ]
        topology.exchangeBindings = [
            .init(destination: parted, source: events, routingKey: "a.*"),
            .init(destination: parted, source: events, routingKey: "#"),
        ]
        let connection = try Connection(broker.configuration("test"), topology: topology, logger: .test)
        try await running(connection) { [topology] in
            try await connection.status("connected", isWanted: \.isConnected)
            try await connection.publish(.test("both"), exchange: events, routingKey: "a.b")
            #expect(try await connection.depth(ofQueue: queue).messages == 1)
            var one = TopologyDeclaration()
            one.unbindings = Array(topology.bindings.prefix(2))
            // A second time there is nothing to take away.
            for _ in 0..<2 { try await connection.declare(one) }
            try await connection.publish(.test("one"), exchange: events, routingKey: "a.b")
            #expect(try await connection.depth(ofQueue: queue).messages == 2)
            try await connection.deleteQueue(queue)
        }
    }

    /// Where others have gone on to a successor of a connection's topology, it declares that: what leads past the
    /// successor's exchange is taken away, and does not come back with who knows nothing of it, however he comes by his
    /// queue.
    @Test
    func aTopologyGivesWayToItsSuccessor() async throws {
        let broker = try await TestBroker.shared()
        let (mine, added) = (broker.queue("mine"), broker.queue("added"))
        let (events, mark) = (broker.queue("events"), broker.queue("mark"))
        var old = broker.topology(queues: [mine])
        old.exchanges = [.init(name: events, kind: "fanout")]
        old.bindings = [.init(queue: mine, exchange: events, routingKey: "")]
        var new = broker.topology(queues: [mine])
        new.exchanges = [.init(name: mark, kind: "direct"), .init(name: events, kind: "fanout")]
        new.bindings = [.init(queue: mine, exchange: mark, routingKey: "mine")]
        new.exchangeBindings = [.init(destination: mark, source: events, routingKey: "")]
        new.unbindings = old.bindings
        var addition = broker.topology(queues: [added])
        addition.bindings = [.init(queue: added, exchange: mark, routingKey: "added")]
        let successor = TopologySuccessor(mark: mark, topology: new)
        func connection(_ name: String) throws -> Connection {
            try Connection(broker.configuration(name), topology: old, successor: successor, logger: .test)
        }
        let (before, after) = (try connection("before"), try connection("after"))
        let grower = try Connection(broker.configuration("grower"), topology: new, logger: .test)
        try await running(before) { [addition] in
            try await before.status("connected", isWanted: \.isConnected)
            try await before.publish(.test("a"), exchange: events, routingKey: "added")
            #expect(try await before.depth(ofQueue: mine).messages == 1, "there is no successor yet")
            try await running(grower, after) {
                try await grower.status("connected", isWanted: \.isConnected)
                #expect(await grower.add(addition))
                try await grower.publish(.test("b"), exchange: events, routingKey: "added")
                #expect(try await grower.depth(ofQueue: mine).messages == 1)
                // Another one comes, and the first starts a consumer and is connected anew.
                try await after.status("connected", isWanted: \.isConnected)
                let consumption = await before.consume(queue: mine, prefetch: 1)
                before.acknowledge(try await consumption.take(1)[0])
                try await broker.node.management.closeConnection(try await broker.shownName("before"))
                try await before.status("disconnected", isWanted: \.isDisconnected)
                try await before.status("connected again", isWanted: \.isConnected)
                try await grower.publish(.test("c"), exchange: events, routingKey: "added")
                try await grower.publish(.test("d"), exchange: events, routingKey: "mine")
                let next = try await consumption.take(1)[0]
                #expect(next.message.properties.messageID == "d", "c went to the added queue alone")
                before.acknowledge(next)
                await before.close(consumption)
                #expect(try await grower.depth(ofQueue: added).messages == 2)
                for queue in [mine, added] { try await grower.deleteQueue(queue) }
            }
        }
    }

    /// What is added to a connection that stands is there at once, and again after the connection was lost.
    @Test
    func whatIsAddedToAConnectionThatStandsIsThereAtOnce() async throws {
        let broker = try await TestBroker.shared()
        let queue = broker.queue("later")
        let connection = try broker.connection("grows")
        try await running(connection) {
            try await connection.status("connected", isWanted: \.isConnected)
            // Classic, since a node under load can end a connection with INTERNAL_ERROR when a quorum queue is declared
            // anew right after it was deleted.
            var addition = TopologyDeclaration()
            addition.queues = [.init(name: queue)]
            #expect(await connection.add(addition))
            #expect(try await connection.depth(ofQueue: queue).messages == 0)
            try await connection.deleteQueue(queue)
            try await broker.node.management.closeConnection(try await broker.shownName("grows"))
            try await eventually("it is declared anew") {
                // Absent, or the connection is away.
                (try? await connection.depth(ofQueue: queue)) != nil
            }
            try await connection.deleteQueue(queue)
            // A consumer brings its queue back, too.
            let consumption = await connection.consume(queue: queue, prefetch: 1)
            try await connection.publish(.test("a"), queue: queue, untilThere: true)
            var deliveries = consumption.makeAsyncIterator()
            connection.acknowledge(try #require(await deliveries.next()))
            try await connection.deleteQueue(queue)
        }
    }

    /// What is added and contradicts what is there stops nothing else, now or after a reconnect.
    @Test
    func whatIsAddedAndContradictsWhatIsThereStopsNothingElse() async throws {
        let broker = try await TestBroker.shared()
        let (queue, good) = (broker.queue("contradicted"), broker.queue("good"))
        let connection = try broker.connection("refused", queues: [queue])
        try await running(connection) {
            try await connection.status("connected", isWanted: \.isConnected)
            var contradiction = TopologyDeclaration()
            contradiction.queues = [.init(name: queue, arguments: ["x-queue-type": .string("classic")])]
            #expect(await connection.add(contradiction) == false)
            #expect(await connection.add(broker.topology(queues: [good])))
            try await broker.node.management.closeConnection(try await broker.shownName("refused"))
            try await connection.status("disconnected", isWanted: \.isDisconnected)
            try await connection.status("connected again", isWanted: \.isConnected)
            #expect(try await connection.publishAll(["a"], queue: good).isEmpty)
            for queue in [queue, good] { try await connection.deleteQueue(queue) }
        }
    }
}

extension Connection {
    /// Publishes to a queue, again and again while there is none.
    nonisolated fileprivate func publish(_ message: Message, queue: String, untilThere: Bool) async throws {
        try await eventually("\(queue) takes a message") {
            do {
                try await publish(message, queue: queue)
                return true
            } catch let error as BrokerError where error.code == .unroutable {
                return false
            }
        }
    }
}
