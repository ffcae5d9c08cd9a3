import Synchronization
import TestSupport
import Testing

@testable import Broker

/// See `Connection` about what its methods cannot rely on.
///
/// What happens between two jobs of a connection.
@Suite(.serialized, .timeLimit(.minutes(2)))
struct InterleavingTests {
    /// Runs work between any two jobs of a connection, until the work says that it is done.
    private final class Intruder: Sendable {
        private let connection: Connection
        private let isOver = Atomic<Bool>(false)

        init(_ connection: Connection, _ work: @escaping @Sendable (isolated Connection) -> Bool) {
            self.connection = connection
            enter(work)
        }

        private func enter(_ work: @escaping @Sendable (isolated Connection) -> Bool) {
            connection.thread.perform { [self] in
                guard !isOver.load(ordering: .relaxed) else { return }
                if !connection.assumeIsolated(work) { enter(work) }
            }
        }

        func leave() { isOver.store(true, ordering: .relaxed) }
    }

    /// An incident is never overlooked, whenever it comes.
    @Test(arguments: 1...8)
    func anIncidentIsNeverOverlooked(_ pace: Int) async throws {
        let connection = try Connection(.unreachable(), logger: .test)
        let visits = Counter()
        let overlooked = Counter()
        try await running(connection) {
            let intruder = Intruder(connection) { connection in
                visits.increment()
                if connection.incidentWaiter != nil, !connection.incidents.isEmpty { overlooked.increment() }
                if visits.value.isMultiple(of: pace) { connection.post(.publishesSettled) }
                return false
            }
            defer { intruder.leave() }
            try await eventually("many visits") { visits.value >= 5_000 }
        }
        #expect(overlooked.value == 0)
    }

    /// A connection that stands, and its queue.
    private func connected(_ test: @Sendable (Connection, String) async throws -> Void) async throws {
        let broker = try await TestBroker.shared()
        let queue = broker.queue()
        let connection = try broker.connection(queues: [queue])
        try await running(connection) {
            try await connection.status("connected", isWanted: \.isConnected)
            try await test(connection, queue)
        }
    }

    /// A moment in the life of a channel: a request is under way, or its answer has just come.
    private final class Moment: Sendable {
        private let request: Answer.Kind
        private let isAnswered: Bool
        private let wasAsked = Atomic<Bool>(false)
        private let isReached = Atomic<Bool>(false)

        init(_ request: Answer.Kind, isAnswered: Bool) {
            self.request = request
            self.isAnswered = isAnswered
        }

        var hasCome: Bool { isReached.load(ordering: .relaxed) }

        func isNow(_ connection: isolated Connection) -> Bool {
            let isAsked = connection.channels.values.contains { channel in
                if case .control = channel.role { false } else { channel.call.expected == request }
            }
            let isNow = isAnswered ? wasAsked.load(ordering: .relaxed) && !isAsked : isAsked
            if isAsked { wasAsked.store(true, ordering: .relaxed) }
            if isNow { isReached.store(true, ordering: .relaxed) }
            return isNow
        }
    }

    @Test(arguments: [Answer.Kind.channelOpened, .qosSet, .consuming, .confirming], [false, true])
    func aConnectionThatIsLostWhileItsChannelsAreOpenedComesBackWithAllOfThem(_ request: Answer.Kind, isAnswered: Bool)
        async throws
    {
        try await connected { connection, queue in
            let moment = Moment(request, isAnswered: isAnswered)
            let intruder = Intruder(connection) {
                guard moment.isNow($0) else { return false }
                $0.lose(BrokerError(.connectionLost, "made up"))
                return true
            }
            defer { intruder.leave() }
            let consumption = await connection.consume(queue: queue, prefetch: 2)
            async let confirm: Void = connection.publish(.test("1"), queue: queue)
            let delivery = try await consumption.take(1)[0]
            try await confirm
            #expect(moment.hasCome)
            #expect(await connection.life == 2)
            connection.acknowledge(delivery)
            try await connection.publish(.test("2"), queue: queue)
            _ = try await consumption.take(1)
        }
    }

    /// A consumer that is cancelled, or given up, while it is being started costs no connection.
    @Test(arguments: [Answer.Kind.channelOpened, .qosSet, .consuming], [false, true])
    func aConsumerThatIsCancelled(_ request: Answer.Kind, isAnswered: Bool) async throws {
        try await connected { connection, queue in
            try await connection.publish(.test("1"), queue: queue)
            for isGivenUp in [false, true] {
                try await eventually("only the publishes have a channel") { await connection.channelCount == 1 }
                let moment = Moment(request, isAnswered: isAnswered)
                let intruder = Intruder(connection) { connection in
                    guard moment.isNow(connection), let id = connection.consumers.keys.first else {
                        return false
                    }
                    let same = connection.cancelAtOnce(id)
                    if isGivenUp { connection.close(same) }
                    return true
                }
                defer { intruder.leave() }
                let consumption = await connection.consume(queue: queue, prefetch: 2)
                try await within(.seconds(20), "the end") { for await _ in consumption {} }
                #expect(moment.hasCome)
                await connection.close(consumption)
            }
            let next = await connection.consume(queue: queue, prefetch: 2)
            connection.acknowledge(try await next.take(1)[0])
            try await eventually("one consumer is left") {
                try await connection.depth(ofQueue: queue) == .init(messages: 0, consumers: 1)
            }
            #expect(await connection.life == 1)
        }
    }

    @Test
    func consumerAtTheLastMoment() async throws {
        try await connected { connection, queue in
            let intruder = Intruder(connection) { connection in
                guard let (id, consumer) = connection.consumers.first, consumer.channel != nil, !consumer.isCancelled
                else { return false }
                _ = connection.cancelAtOnce(id)
                return true
            }
            defer { intruder.leave() }
            let consumption = await connection.consume(queue: queue, prefetch: 2)
            try await within(.seconds(20), "the end") { for await _ in consumption {} }
            try await eventually("no consumer is left") {
                try await connection.depth(ofQueue: queue).consumers == 0
            }
            #expect(await connection.life == 1)
        }
    }

    @Test
    func aRequestThatIsGivenUpWhileTheBrokerRefusesItLeavesNoChannelBehind() async throws {
        try await connected { connection, queue in
            let (gate, opener) = AsyncStream.makeStream(of: Void.self)
            let asking = Task {
                for await _ in gate {}
                _ = try await connection.depth(ofQueue: "\(queue).missing")
            }
            let intruder = Intruder(connection) { connection in
                guard connection.channels.values.contains(where: { $0.call.expected == .queueDeclared }) else {
                    return false
                }
                asking.cancel()
                return true
            }
            defer { intruder.leave() }
            opener.finish()
            let error = await #expect(throws: BrokerError.self) { try await asking.value }
            #expect(error?.code == .closed)
            try await eventually("the channel is closed") { await connection.channelCount == 0 }
            #expect(try await connection.depth(ofQueue: queue).messages == 0)
            #expect(await connection.life == 1)
        }
    }

    /// Counts the intruder's visits from a moment on.
    private final class Countdown: Sendable {
        private let left = Mutex<Int?>(nil)

        func start(_ visits: Int) { left.withLock { $0 = visits } }

        /// - Returns: whether this is the visit that was asked for.
        func visit() -> Bool {
            left.withLock { left in
                let isTime = left == 0
                left = isTime ? nil : left.map { $0 - 1 }
                return isTime
            }
        }
    }

    /// An operation, and work that is done once, so many jobs after its beginning.
    /// - Throws: what the operation does.
    private func perform(
        _ operation: @escaping @Sendable (isolated Connection) async throws -> Void, _ connection: Connection,
        at moment: Int, work: @escaping @Sendable (isolated Connection, Task<Void, Never>) -> Void
    ) async throws {
        let countdown = Countdown()
        let (gate, opener) = AsyncStream.makeStream(of: Void.self)
        let (ends, end) = AsyncStream.makeStream(of: Result<Void, any Error>.self)
        let task = Task {
            for await _ in gate {}
            do {
                end.yield(.success(try await connection.perform(operation) { countdown.start(moment) }))
            } catch {
                end.yield(.failure(error))
            }
        }
        let intruder = Intruder(connection) {
            guard countdown.visit() else { return false }
            work($0, task)
            return true
        }
        defer { intruder.leave() }
        opener.finish()
        try await next("the end of the operation", of: ends)?.get()
    }

    private static let publish: @Sendable (isolated Connection) async throws -> Void = {
        try await $0.publish(.test("1"), exchange: "", routingKey: "q")
    }

    @Test(arguments: 0...6)
    func aPublishThatIsCancelledEnds(_ moment: Int) async throws {
        let connection = try Connection(.unreachable(), logger: .test)
        await #expect(throws: CancellationError.self) {
            try await perform(Self.publish, connection, at: moment) { $1.cancel() }
        }
        #expect(await connection.waitingPublishes == 0)
    }

    @Test(arguments: 0...6)
    func aRequestThatIsCancelledEndsWithoutItsAnswer(_ moment: Int) async throws {
        try await connected { connection, queue in
            let error = await #expect(throws: BrokerError.self) {
                try await perform({ _ = try await $0.depth(ofQueue: queue) }, connection, at: moment) { $1.cancel() }
            }
            #expect(error?.code == .closed)
            try await eventually("all channels are closed") { await connection.channelCount == 0 }
            #expect(await connection.life == 1)
        }
    }

    @Test(arguments: 0...6)
    func aPublishDoesNotBeginToWaitWhenTheConnectionIsBeingShutDown(_ moment: Int) async throws {
        let connection = try Connection(.unreachable(), logger: .test)
        let error = await #expect(throws: (any Error).self) {
            try await perform(Self.publish, connection, at: moment) { connection, publishing in
                connection.isStopping = true
                // What waits already is for the shutdown to end.
                if !connection.publishes.isEmpty { publishing.cancel() }
            }
        }
        #expect(error is CancellationError || (error as? BrokerError)?.code == .closed)
        #expect(await connection.waitingPublishes == 0)
    }
}

extension Connection {
    /// Says on the connection's thread when the operation begins.
    fileprivate func perform(
        _ operation: @Sendable (isolated Connection) async throws -> Void, begins: @Sendable () -> Void
    ) async throws {
        begins()
        try await operation(self)
    }

    /// Cancels a consumer with nothing coming between.
    /// - Returns: the consumer, to be given up by.
    fileprivate func cancelAtOnce(_ id: Int) -> Consumption {
        let consumption = Consumption(id: id)
        Task.immediate(executorPreference: thread) { await cancel(consumption) }
        return consumption
    }
}
