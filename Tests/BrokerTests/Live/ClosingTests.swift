import TestSupport
import Testing

@testable import Broker

/// Shutting down.
@Suite(.timeLimit(.minutes(2)))
struct ClosingTests {
    /// A graceful shutdown waits for outstanding confirms, even of what was never sent yet.
    @Test
    func aGracefulShutdownWaitsForOutstandingConfirms() async throws {
        let broker = try await TestBroker.shared()
        let queue = broker.queue()
        let maker = try broker.connection("maker", queues: [queue])
        try await running(maker) {
            try await maker.status("connected", isWanted: \.isConnected)
            let connection = try broker.connection()
            let ids = (0..<2_000).map(String.init)
            let publishing = Task { try await connection.publishAll(ids, queue: queue, atOnce: 2_000) }
            try await eventually("all are submitted") { await connection.waitingPublishes == 2_000 }
            try await running(connection) { try await connection.status("connected", isWanted: \.isConnected) }
            #expect(connection.status.current == .closed)
            let failed = try await publishing.value
            #expect(failed == [:])
            #expect(try await maker.depth(ofQueue: queue).messages == 2_000)
            let late = await #expect(throws: BrokerError.self) {
                try await connection.publish(.test("late"), queue: queue)
            }
            #expect(late?.code == .closed)
            let request = await #expect(throws: BrokerError.self) { try await connection.depth(ofQueue: queue) }
            #expect(request?.code == .connectionLost)
        }
    }

    /// Settlements made just before reach the broker, and the consumption ends.
    @Test
    func settlementsMadeJustBeforeReachTheBroker() async throws {
        let broker = try await TestBroker.shared()
        let queue = broker.queue()
        let maker = try broker.connection("maker", queues: [queue])
        try await running(maker) {
            try await maker.status("connected", isWanted: \.isConnected)
            let connection = try broker.connection()
            let consumption = await connection.consume(queue: queue, prefetch: 10)
            for id in ["1", "2", "3"] { try await maker.publish(.test(id), queue: queue) }
            try await running(connection) {
                let deliveries = try await consumption.take(3)
                connection.acknowledge(deliveries[0])
                connection.acknowledge(deliveries[2])
            }
            #expect(try await within(.seconds(5), "the end") { await consumption.first { _ in true } } == nil)
            try await eventually("only the open one is back") {
                try await maker.depth(ofQueue: queue) == .init(messages: 1, consumers: 0)
            }
        }
    }

    /// However scattered they are: see `AckGrace`.
    @Test
    func acksMadeJustBeforeAreNotForgotten() async throws {
        let broker = try await TestBroker.shared()
        let queue = broker.queue()
        let maker = try broker.connection("maker", queues: [queue])
        try await running(maker) {
            try await maker.status("connected", isWanted: \.isConnected)
            #expect(try await maker.publishAll((0..<256).map(String.init), queue: queue) == [:])
            let connection = try broker.connection()
            let consumption = await connection.consume(queue: queue, prefetch: 256)
            try await running(connection) {
                for delivery in try await consumption.take(256).reversed() {
                    connection.acknowledge(delivery)
                    await connection.settleNow()
                }
            }
            try await eventually("none is back") {
                try await maker.depth(ofQueue: queue) == .init(messages: 0, consumers: 0)
            }
            #expect(try await maker.depth(ofQueue: queue).messages == 0)
        }
    }

    /// Without a broker it ends at once, and tells those who wait.
    @Test
    func withoutABrokerItEndsAtOnce() async throws {
        let connection = try Connection(.unreachable(), logger: .test)
        let publishing = Task { try await connection.publish(.test("1"), queue: "q") }
        try await eventually("the publish waits") { await connection.waitingPublishes == 1 }
        let consumption = await connection.consume(queue: "q", prefetch: 1)
        try await running(connection) { try await connection.status("lost", isWanted: \.isDisconnected) }
        let error = await #expect(throws: BrokerError.self) { try await publishing.value }
        #expect(error?.code == .closed)
        #expect(try await within(.seconds(5), "the end") { await consumption.first { _ in true } } == nil)
        let after = await connection.consume(queue: "q", prefetch: 1)
        #expect(try await within(.seconds(5), "the end") { await after.first { _ in true } } == nil)
        #expect(await connection.status.updates().reduce(into: []) { $0.append($1) } == [.closed])
    }

    @Test
    func aPeerThatTakesTheConnectionAndSaysNothingHoldsUpNeitherStoppingNorCancellingAPublish() async throws {
        let peer = try MutePeer()
        var configuration = ConnectionConfiguration.unreachable()
        configuration.endpoints = [.init(host: "127.0.0.1", port: peer.port)]
        configuration.connectTimeout = .seconds(60)
        let connection = try Connection(configuration, logger: .test)
        let clock = ContinuousClock()
        let begin = try await running(connection) {
            try await peer.isConnected()
            let publishing = Task { try await connection.publish(.test("1"), queue: "q") }
            try await eventually("the publish waits") { await connection.waitingPublishes == 1 }
            publishing.cancel()
            await #expect(throws: CancellationError.self) {
                try await within(.seconds(5), "the cancelled publish") { try await publishing.value }
            }
            return clock.now
        }
        #expect(clock.now - begin < .seconds(5))
    }

    @Test
    func aPeerThatSaysNothingIsGivenUpAfterTheConnectTimeout() async throws {
        let peer = try MutePeer()
        var configuration = ConnectionConfiguration.unreachable()
        configuration.endpoints = [.init(host: "127.0.0.1", port: peer.port)]
        configuration.connectTimeout = .milliseconds(300)
        let connection = try Connection(configuration, logger: .test)
        try await running(connection) {
            let status = try await connection.status("given up", within: .seconds(10), isWanted: \.isDisconnected)
            #expect(status.failure?.code == .connectFailed)
        }
    }

    /// Cancellation ends it without waiting, and whoever waits is told.
    @Test(arguments: 0..<20)
    func cancellationEndsItWithoutWaiting(_ pause: Int) async throws {
        let broker = try await TestBroker.shared()
        let queue = broker.queue()
        let connection = try broker.connection(queues: [queue])
        let run = Task { try await connection.run() }
        let publishing = Task { try await connection.publishAll((0..<200).map(String.init), queue: queue) }
        // Cancelled at some moment between connecting and the last confirm.
        for _ in 0..<pause * pause * 20 { await Task.yield() }
        run.cancel()
        try await within(.seconds(10), "the end") { try await run.value }
        #expect(connection.status.current == .closed)
        let failures = try await within(.seconds(5), "the publishes' end") { try await publishing.value }
        #expect(failures.values.allSatisfy { $0.code == .closed })

        let maker = try broker.connection("maker")
        try await running(maker) {
            try await maker.status("connected", isWanted: \.isConnected)
        }
    }
}
