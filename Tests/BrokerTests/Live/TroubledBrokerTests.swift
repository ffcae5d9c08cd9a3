import Glibc
import TestSupport
import Testing

@testable import Broker

/// On a broker of its own, which it troubles: one test at a time.
///
/// A broker in trouble.
@Suite(.serialized, .timeLimit(.minutes(3)))
struct TroubledBrokerTests {
    private static let start = Task { TestBroker(node: try await .start()) }

    /// Killed and started again: what was not confirmed is published again, consumers are back within 5 s.
    @Test
    func killedAndStartedAgain() async throws {
        let broker = try await Self.start.value
        let queue = try await broker.settledQueue("killed")
        let publisher = try broker.connection("publisher", queues: [queue]) { $0.backoff = .init() }
        let consumer = try broker.connection("consumer", queues: [queue]) { $0.backoff = .init() }
        try await running(publisher, consumer) {
            let consumption = await consumer.consume(queue: queue, prefetch: 50)
            let load = Load(publisher, queue: queue)
            async let published = load.run(publishers: 100)
            async let delivered = load.collect(from: consumption, of: consumer)
            try await load.goesOn()
            try await broker.node.saveDeclarations()
            try await load.goesOn()
            try await broker.node.kill()
            for connection in [publisher, consumer] {
                try await connection.status("disconnected", isWanted: \.isDisconnected)
            }
            try await broker.node.restart()
            for connection in [publisher, consumer] {
                try await connection.status("connected", within: .seconds(5), isWanted: \.isConnected)
            }
            try await load.goesOn()
            load.finish()
            let count = try await published
            let ids = try await delivered
            #expect(ids == Set((0..<count).map(String.init)))
        }
    }

    /// In a memory alarm publishes wait, however long it lasts, and consumers do not.
    @Test
    func inAMemoryAlarmPublishesWait() async throws {
        let broker = try await Self.start.value
        let queue = try await broker.settledQueue("alarm")
        // As the services have them.
        let thread = try ConnectionThread()
        let publisher = try broker.connection("publisher", queues: [queue], thread: thread) {
            $0.heartbeat = .seconds(2)
        }
        let consumer = try broker.connection("consumer", queues: [queue], thread: thread) {
            $0.heartbeat = .seconds(2)
        }
        try await running(publisher, consumer) {
            let consumption = await consumer.consume(queue: queue, prefetch: 100)
            let early = (0..<50).map { "early \($0)" }
            #expect(try await publisher.publishAll(early, queue: queue) == [:])
            try await broker.node.raiseMemoryAlarm()

            // More than the socket's buffers take, so that a write would wait for the broker to read.
            let body = [UInt8](repeating: 7, count: 200_000)
            let confirmed = Counter()
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 0..<100 {
                    group.addTask {
                        try await publisher.publish(.test("late \(number)", body: body), queue: queue)
                        confirmed.increment()
                    }
                }
                let blocked = try await publisher.status("blocked", isWanted: \.isBlocked)
                #expect(blocked == .blocked(reason: "low on memory"))
                // What the broker had read before it stopped may still be confirmed, what is published now not.
                async let later = publisher.publishAll(["later"], queue: queue, within: .seconds(60)) { _ in
                    #expect(publisher.status.current.isConnected, "confirmed in the middle of the alarm")
                }
                try await eventually("it waits") { await publisher.waitingPublishes > 0 }

                // A dead peer would be given up within 4 s. There is nothing to wait for: nothing is to happen.
                let updates = publisher.status.updates()
                await #expect(throws: TooLate.self) {
                    try await within(.seconds(6), "a change") { await updates.first { !$0.isBlocked } }
                }
                #expect(confirmed.value < 100)
                #expect(consumer.status.current.isConnected)
                _ = try await consumer.collect(Set(early), from: consumption)

                try await broker.node.clearMemoryAlarm()
                try await publisher.status("connected", isWanted: \.isConnected)
                let failedLater = try await later
                #expect(failedLater == [:])
                try await eventually("the publishes that waited", within: .seconds(60)) {
                    confirmed.value == 100
                }
                try await group.waitForAll()
            }
            let late = Set((0..<100).map { "late \($0)" } + ["later"])
            _ = try await consumer.collect(late, from: consumption, within: .seconds(60))
        }
    }

    /// A broker that falls silent is given up after two heartbeats, and found again when it speaks.
    @Test
    func aBrokerThatFallsSilentIsGivenUpAfterTwoHeartbeats() async throws {
        let broker = try await Self.start.value
        let queue = try await broker.settledQueue("silent")
        let connection = try broker.connection(queues: [queue]) {
            $0.heartbeat = .seconds(2)
            $0.connectTimeout = .seconds(2)
        }
        try await running(connection) {
            try await connection.status("connected", isWanted: \.isConnected)
            await broker.node.childProcess.signal(SIGSTOP)
            let clock = ContinuousClock()
            let begin = clock.now
            async let failures = connection.publishAll(
                (0..<200).map(String.init), queue: queue, within: .seconds(60))
            let lost = try await connection.status("lost", isWanted: \.isDisconnected)
            await broker.node.childProcess.signal(SIGCONT)
            #expect(lost.failure?.code == .connectionLost)
            #expect(clock.now - begin < .seconds(8))
            try await connection.status("connected", isWanted: \.isConnected)
            let failed = try await failures
            #expect(failed == [:])
        }
    }

    /// While the broker is silent, stopping waits no longer than the close timeout, at whatever moment.
    @Test
    func whileTheBrokerIsSilent() async throws {
        let broker = try await Self.start.value
        let queue = broker.queue("stopped")
        // One is connected when the broker falls silent, one is just being restored, one connects only then.
        let connections = try ["standing", "restoring", "connecting"].map { name in
            try broker.connection(name, queues: (0..<10).map { broker.queue("stopped \($0)") } + [queue]) {
                $0.closeTimeout = .seconds(1)
            }
        }
        let clock = ContinuousClock()
        let begin = try await running(connections[0]) {
            try await connections[0].status("connected", isWanted: \.isConnected)
            return try await running(connections[1]) {
                try await within(.seconds(20), "restoring") {
                    while await !connections[1].isRestoring { await Task.yield() }
                }
                await broker.node.childProcess.signal(SIGSTOP)
                return try await running(connections[2]) { clock.now }
            }
        }
        // At most the confirms' time and the farewell's for two of them, one after the other.
        #expect(clock.now - begin < .seconds(6))
        for connection in connections { #expect(connection.status.current == .closed) }
        await broker.node.childProcess.signal(SIGCONT)
    }
}
