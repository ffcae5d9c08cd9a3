import TestSupport
import Testing

@testable import Broker

/// Publishing to a real broker.
@Suite(.timeLimit(.minutes(2)))
struct PublishingTests {
    /// A thousand concurrent publishes are confirmed, and each message is there once.
    @Test
    func aThousandConcurrentPublishesAreConfirmed() async throws {
        let broker = try await TestBroker.shared()
        let queue = broker.queue()
        let connection = try broker.connection(queues: [queue])
        try await running(connection) {
            let ids = (0..<1_000).map(String.init)
            #expect(try await connection.publishAll(ids, queue: queue) == [:])
            #expect(try await connection.depth(ofQueue: queue) == .init(messages: 1_000, consumers: 0))
            let consumption = await connection.consume(queue: queue, prefetch: 100)
            let counts = try await connection.collect(Set(ids), from: consumption)
            #expect(counts.values.allSatisfy { $0 == 1 })
        }
    }

    /// A publish to nowhere fails as unroutable, and the hundred around it do not.
    @Test
    func aPublishToNowhereFailsAsUnroutable() async throws {
        let broker = try await TestBroker.shared()
        let queue = broker.queue()
        let connection = try broker.connection(queues: [queue])
        try await running(connection) {
            async let before = connection.publishAll((0..<50).map { "before \($0)" }, queue: queue)
            async let lost = connection.publishAll(["lost"], queue: broker.queue("nowhere"))
            async let after = connection.publishAll((0..<50).map { "after \($0)" }, queue: queue)
            let failures = try await [before, lost, after]
            #expect(failures[0] == [:])
            #expect(failures[1]["lost"]?.code == .unroutable)
            #expect(failures[1]["lost"]?.replyCode == 312)
            #expect(failures[2] == [:])
            #expect(try await connection.depth(ofQueue: queue).messages == 100)
            // Deleting a queue twice is no mistake.
            for _ in 0..<2 { try await connection.deleteQueue(queue) }
            let late = try await connection.publishAll(["late"], queue: queue)
            #expect(late["late"]?.code == .unroutable)
        }
    }

    /// A publish to an exchange that is not there fails alone, though the broker closes the channel over it.
    @Test
    func aPublishToAnExchangeThatIsNotThereFailsAlone() async throws {
        let broker = try await TestBroker.shared()
        let queue = broker.queue()
        let connection = try broker.connection(queues: [queue])
        try await running(connection) {
            let good = (0..<100).map { "good \($0)" }
            async let before = connection.publishAll(Array(good[..<50]), queue: queue)
            async let lost = within(.seconds(30), "the culprit") {
                await #expect(throws: BrokerError.self) {
                    try await connection.publish(.test("lost"), exchange: broker.queue("missing"), routingKey: "")
                }
            }
            async let after = connection.publishAll(Array(good[50...]), queue: queue)
            let failedBefore = try await before
            #expect(failedBefore == [:])
            #expect(try await lost?.code == .channelClosed)
            #expect(try await lost?.replyCode == 404)
            let failedAfter = try await after
            #expect(failedAfter == [:])
            let consumption = await connection.consume(queue: queue, prefetch: 100)
            #expect(Set(try await connection.collect(Set(good), from: consumption).keys) == Set(good))
        }
    }

    @Test
    func whatCannotBePutIntoFramesIsRefusedHereAndCostsNeitherTheConnectionNorItsNeighbours() async throws {
        let broker = try await TestBroker.shared()
        let queue = broker.queue()
        let connection = try broker.connection(queues: [queue])
        try await running(connection) {
            let tooLong = String(repeating: "n", count: 256)
            var misfits: [Message] = []
            misfits.append(.test(tooLong))
            for headers: FieldTable in [
                [tooLong: .void], ["nested": .table([tooLong: .void])], ["list": .array([.table([tooLong: .void])])],
                ["large": .string(String(repeating: "x", count: 200_000))],
            ] {
                var message = Message.test("misfit")
                message.properties.headers = headers
                misfits.append(message)
            }
            for misfit in misfits {
                let error = await #expect(throws: BrokerError.self) {
                    try await within(.seconds(10), "the refusal") { try await connection.publish(misfit, queue: queue) }
                }
                #expect(error?.code == .messageTooLarge)
            }
            let failed = try await connection.publishAll(["good"], queue: queue)
            #expect(failed == [:])
            #expect(connection.status.current.isConnected)
        }
    }

    @Test
    func whatIsPublishedBeforeThereIsAConnectionGoesOutAsSoonAsThereIsOne() async throws {
        let broker = try await TestBroker.shared()
        let queue = broker.queue()
        let connection = try broker.connection(queues: [queue])
        let publishing = Task { try await connection.publishAll((0..<20).map(String.init), queue: queue) }
        try await eventually("the publishes wait") { await connection.waitingPublishes == 20 }
        try await running(connection) {
            let failed = try await publishing.value
            #expect(failed == [:])
        }
    }

    @Test
    func aPublishAndAConsumerThatComeWhileTheConnectionIsBeingRestoredAreNotForgotten() async throws {
        let broker = try await TestBroker.shared()
        let queue = broker.queue()
        let queues = [queue] + (0..<10).map { broker.queue("\($0)") }
        // The queues are there already, so that only the round trips take time.
        let maker = try broker.connection("maker", queues: queues)
        try await running(maker) { try await maker.status("connected", isWanted: \.isConnected) }

        let connection = try broker.connection(queues: queues)
        try await running(connection) {
            try await within(.seconds(20), "restoring") {
                while await !connection.isRestoring { await Task.yield() }
            }
            async let failures = connection.publishAll(["early"], queue: queue)
            let consumption = await connection.consume(queue: queue, prefetch: 1)
            #expect(connection.status.current == .connecting)
            #expect(try await connection.collect(["early"], from: consumption) == ["early": 1])
            let failed = try await failures
            #expect(failed == [:])
        }
    }

    /// Messages larger than the socket's buffers, more of them than one turn takes, go through.
    @Test
    func messagesLargerThanTheSocketsBuffers() async throws {
        let broker = try await TestBroker.shared()
        let queue = broker.queue()
        let connection = try broker.connection(queues: [queue])
        try await running(connection) {
            let body = [UInt8](repeating: 7, count: 3_000_000)
            try await within(.seconds(60), "large messages") {
                try await withThrowingTaskGroup(of: Void.self) { group in
                    for number in 0..<10 {
                        group.addTask { try await connection.publish(.test("\(number)", body: body), queue: queue) }
                    }
                    try await group.waitForAll()
                }
            }
            #expect(try await connection.depth(ofQueue: queue).messages == 10)
        }
    }

    /// A cancelled publish ends at once, wherever it is.
    @Test
    func aCancelledPublishEndsAtOnce() async throws {
        let connection = try Connection(.unreachable(), logger: .test)
        let task = Task { try await connection.publish(.test("1"), queue: "q") }
        try await eventually("the publish waits") { await connection.waitingPublishes == 1 }
        task.cancel()
        await #expect(throws: CancellationError.self) {
            try await within(.seconds(5), "the cancelled publish") { try await task.value }
        }
        #expect(await connection.waitingPublishes == 0)

        let late = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            try await connection.publish(.test("2"), queue: "q")
        }
        await #expect(throws: CancellationError.self) { try await late.value }
        #expect(await connection.waitingPublishes == 0)
    }

    @Test
    func cancelledPublishesInFlightDisturbNoneOfTheirNeighbours() async throws {
        let broker = try await TestBroker.shared()
        let queue = broker.queue()
        let connection = try broker.connection(queues: [queue])
        try await running(connection) {
            try await connection.status("connected", isWanted: \.isConnected)
            let ids = (0..<500).map(String.init)
            async let failures = connection.publishAll(ids, queue: queue)
            let doomed = (0..<500).map { number in
                Task { try await connection.publish(.test("doomed \(number)"), queue: queue) }
            }
            for task in doomed { task.cancel() }
            for task in doomed { _ = await task.result }
            let failed = try await failures
            #expect(failed == [:])
            let consumption = await connection.consume(queue: queue, prefetch: 100)
            _ = try await connection.collect(Set(ids), from: consumption)
        }
    }

    /// Whoever may publish may nest tables as deep as a frame is long; the library reads them by recursion.
    @Test(
        "headers of deep tables go through a broker, and are read as deep as anybody needs", arguments: [1_000, 20_000])
    func deepHeaders(_ depth: Int) async throws {
        let broker = try await TestBroker.shared()
        let queue = broker.queue()
        let connection = try broker.connection(queues: [queue])
        try await running(connection) {
            let consumption = await connection.consume(queue: queue, prefetch: 5)
            var message = Message.test("deep")
            var value = FieldValue.table(FieldTable())
            for _ in 0..<depth { value = .table(FieldTable([.init(name: "", value: value)])) }
            message.properties.headers = ["deep": value, "behind": .int(7)]
            try await connection.publish(message, queue: queue)
            let delivery = try await consumption.take(1)[0]
            #expect(delivery.message.properties.messageID == "deep")
            #expect(delivery.message.properties.headers["behind"] == .int(7))
            var found = 0
            var rest = delivery.message.properties.headers["deep"]
            while case .table(let table)? = rest {
                found += 1
                rest = table[""]
            }
            #expect(found == FieldValue.deepest)
            connection.acknowledge(delivery)
            try await broker.isEmptied(queue)
        }
    }
}
