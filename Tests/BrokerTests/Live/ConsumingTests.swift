import Contracts
import TestSupport
import Testing

@testable import Broker

/// Consuming from a real broker.
@Suite(.timeLimit(.minutes(2)))
struct ConsumingTests {
    /// What is acknowledged is gone, what is rejected is gone or comes again.
    @Test
    func whatIsAcknowledgedIsGone() async throws {
        let broker = try await TestBroker.shared()
        let queue = broker.queue()
        let connection = try broker.connection(queues: [queue])
        try await running(connection) {
            let consumption = await connection.consume(queue: queue, prefetch: 10)
            for id in ["good", "bad", "later"] { try await connection.publish(.test(id), queue: queue) }
            let first = try await consumption.take(3)
            #expect(first.map(\.message.properties.messageID) == ["good", "bad", "later"])
            #expect(first.map(\.message.body) == ["good", "bad", "later"].map { Array($0.utf8) })
            #expect(first.allSatisfy { !$0.isRedelivered && !$0.isOversized && $0.routingKey == queue })
            connection.acknowledge(first[0])
            connection.reject(first[1], requeue: false)
            connection.reject(first[2], requeue: true)
            let again = try await consumption.take(1)
            #expect(again[0].message.properties.messageID == "later")
            #expect(again[0].isRedelivered)
            connection.acknowledge(again[0])
            try await broker.isEmptied(queue)
        }
    }

    /// A delivery settled twice reaches the broker once, and the channel stays.
    @Test
    func aDeliverySettledTwiceReachesTheBrokerOnce() async throws {
        let broker = try await TestBroker.shared()
        let queue = broker.queue()
        let connection = try broker.connection(queues: [queue])
        try await running(connection) {
            let consumption = await connection.consume(queue: queue, prefetch: 1)
            for id in ["1", "2", "3"] { try await connection.publish(.test(id), queue: queue) }
            for expected in ["1", "2", "3"] {
                let delivery = try await consumption.take(1)[0]
                #expect(delivery.message.properties.messageID == expected)
                #expect(!delivery.isRedelivered)
                connection.acknowledge(delivery)
                connection.acknowledge(delivery)
                connection.reject(delivery, requeue: true)
            }
            try await broker.isEmptied(queue)
        }
    }

    /// No more than the prefetch is handed out, and each settlement lets one more come.
    @Test
    func noMoreThanThePrefetchIsHandedOut() async throws {
        let broker = try await TestBroker.shared()
        let queue = broker.queue()
        let connection = try broker.connection(queues: [queue])
        try await running(connection) {
            let ids = (0..<20).map(String.init)
            #expect(try await connection.publishAll(ids, queue: queue) == [:])
            let consumption = await connection.consume(queue: queue, prefetch: 5)
            let first = try await consumption.take(5)
            try await eventually("five are out, fifteen wait") {
                let figures = try await broker.node.management.queue(queue)
                return figures?.unacknowledged == 5 && figures?.ready == 15
            }
            connection.acknowledge(first[3])
            let next = try await consumption.take(1)
            for delivery in [first[0], first[1], first[2], first[4]] + next { connection.acknowledge(delivery) }
            _ = try await connection.collect(Set(ids[6...]), from: consumption)
            try await broker.isEmptied(queue)
        }
    }

    @Test
    func anAckThatMayWaitForCompanyWaitsAMomentAndNoLonger() async throws {
        let broker = try await TestBroker.shared()
        let queue = broker.queue()
        let connection = try broker.connection(queues: [queue])
        try await running(connection) {
            #expect(try await connection.publishAll((0..<9).map(String.init), queue: queue) == [:])
            let consumption = await connection.consume(queue: queue, prefetch: 8, gathersAcks: true)
            let first = try await consumption.take(8)
            // One of eight: not enough to be said at once, and nothing else happens on the connection.
            connection.acknowledge(first[0])
            let next = try await consumption.take(1, within: .seconds(10))
            for delivery in first[1...] + next { connection.acknowledge(delivery) }
            try await broker.isEmptied(queue)
        }
    }

    @Test
    func gatheredAcksAreSaid() async throws {
        let broker = try await TestBroker.shared()
        let queue = broker.queue()
        let connection = try broker.connection(queues: [queue])
        try await running(connection) {
            #expect(try await connection.publishAll(["1", "2", "3"], queue: queue) == [:])
            let consumption = await connection.consume(queue: queue, prefetch: 100, gathersAcks: true)
            let all = try await consumption.take(3)
            connection.acknowledge(all[0])
            connection.acknowledge(all[2])
            await connection.close(consumption)
            let again = await connection.consume(queue: queue, prefetch: 100)
            let back = try await again.take(1)[0]
            #expect(back.message.properties.messageID == "2")
            #expect(back.isRedelivered)
            connection.acknowledge(back)
            try await broker.isEmptied(queue)
        }
    }

    /// However scattered the acks are, and however soon the consumer is closed after them.
    @Test
    func whatIsAcknowledgedIsNotDeliveredOnceMoreWhenItsConsumerIsClosed() async throws {
        let broker = try await TestBroker.shared()
        let queue = broker.queue()
        let connection = try broker.connection(queues: [queue])
        try await running(connection) {
            let ids = (0..<1024).map(String.init)
            #expect(try await connection.publishAll(ids, queue: queue) == [:])
            var generator = SeededGenerator(seed: 3)
            var seen: [String] = []
            for _ in 0..<8 {
                let consumption = await connection.consume(queue: queue, prefetch: 128)
                let deliveries = try await consumption.take(128)
                await connection.cancel(consumption)
                for delivery in deliveries.shuffled(using: &generator) {
                    seen.append(delivery.message.properties.messageID ?? "")
                    connection.acknowledge(delivery)
                    await connection.settleNow()
                }
                await connection.close(consumption)
            }
            #expect(seen.sorted() == ids.sorted())
            try await broker.isEmptied(queue)
            try await eventually("its channels are closed") { await connection.channelCount <= 1 }
        }
    }

    @Test
    func aCallThatWasAnsweredLongAgoEndsNoConnection() async throws {
        let broker = try await TestBroker.shared()
        let queue = broker.queue()
        let connection = try broker.connection(queues: [queue]) { $0.replyTimeout = .seconds(5) }
        try await running(connection) {
            try await connection.status("connected", isWanted: \.isConnected)
            let started = ContinuousClock.now
            while started.duration(to: .now) < .seconds(6) { _ = try await connection.depth(ofQueue: queue) }
            #expect(connection.status.current.isConnected)
        }
    }

    @Test
    func twoConsumersLargeMessagesInterleaveFrameByFrameAndArriveWhole() async throws {
        let broker = try await TestBroker.shared()
        let queues = [broker.queue("left"), broker.queue("right")]
        let connection = try broker.connection(queues: queues)
        try await running(connection) {
            /// 200 KB, two frames; no two bodies alike.
            @Sendable func body(_ queue: Int, _ number: Int) -> [UInt8] {
                var generator = SeededGenerator(seed: UInt64(queue * 1_000 + number))
                return (0..<25_000).flatMap { _ in withUnsafeBytes(of: generator.next()) { Array($0) } }
            }
            try await within(.seconds(60), "publishes") {
                try await withThrowingTaskGroup(of: Void.self) { group in
                    for queue in 0..<2 {
                        for number in 0..<20 {
                            group.addTask {
                                try await connection.publish(
                                    .test("\(number)", body: body(queue, number)), queue: queues[queue])
                            }
                        }
                    }
                    try await group.waitForAll()
                }
            }
            try await withThrowingTaskGroup(of: Void.self) { group in
                for queue in 0..<2 {
                    let consumption = await connection.consume(queue: queues[queue], prefetch: 10)
                    group.addTask {
                        var numbers: Set<Int> = []
                        while numbers.count < 20 {
                            let delivery = try await consumption.take(1)[0]
                            let number = try #require(Int(delivery.message.properties.messageID ?? ""))
                            #expect(delivery.message.body == body(queue, number))
                            numbers.insert(number)
                            connection.acknowledge(delivery)
                        }
                    }
                }
                try await group.waitForAll()
            }
        }
    }

    /// A body that is too large is left out and told, and what comes after it is whole.
    @Test
    func aBodyThatIsTooLargeIsLeftOutAndTold() async throws {
        let broker = try await TestBroker.shared()
        let queue = broker.queue()
        let connection = try broker.connection(queues: [queue]) { $0.maximumBodySize = 1_000 }
        try await running(connection) {
            let consumption = await connection.consume(queue: queue, prefetch: 10)
            let sizes = [300_000, 1_001, 1_000, 0]
            for size in sizes {
                try await connection.publish(
                    .test("\(size)", body: [UInt8](repeating: 1, count: size)), queue: queue)
            }
            let deliveries = try await consumption.take(4)
            #expect(deliveries.map(\.isOversized) == [true, true, false, false])
            #expect(deliveries.map(\.message.body.count) == [0, 0, 1_000, 0])
            #expect(deliveries.map(\.message.properties.messageID) == sizes.map(String.init))
            for delivery in deliveries { connection.reject(delivery, requeue: false) }
            try await broker.isEmptied(queue)
        }
    }

    @Test
    func headersOfEveryTypeAndAllPropertiesComeBackAsTheyWent() async throws {
        let broker = try await TestBroker.shared()
        let queue = broker.queue()
        let connection = try broker.connection(queues: [queue])
        var properties = MessageProperties()
        properties.contentType = "application/json"
        properties.contentEncoding = "identity"
        properties.correlationID = "correlation"
        properties.replyTo = "reply"
        properties.expiration = "600000"
        properties.messageID = "ïd – 識"
        properties.timestamp = 1_700_000_000
        properties.type = "request.accepted"
        properties.appID = "app"
        properties.headers = [
            "yes": .bool(true), "no": .bool(false), "least": .int(.min), "most": .int(.max), "pi": .double(3.25),
            "text": .string("Zürich 🏔"), "empty": .string(""), "bytes": .bytes([0, 255, 10]),
            "time": .timestamp(1_700_000_000), "price": .decimal(scale: 2, value: 12_345), "void": .void,
            "list": .array([.int(1), .string("two"), .array([]), .table(["three": .int(3)])]),
            "table": .table(["a": .table(["b": .array([.void])]), "": .bool(true)]),
        ]
        let sent = properties
        try await running(connection) {
            let consumption = await connection.consume(queue: queue, prefetch: 10)
            try await connection.publish(Message(properties: sent, body: [1, 2, 3]), queue: queue)
            var transient = Message(body: [])
            transient.properties.isPersistent = false
            try await connection.publish(transient, queue: queue)
            let received = try await consumption.take(2)
            let back = received[0].message.properties
            for field in sent.headers.fields {
                #expect(back.headers[field.name] == field.value, "header \(field.name)")
            }
            #expect(back.headers.fields.count == sent.headers.fields.count)
            // RabbitMQ 4 gives them back in the order of their names.
            var (others, sentOthers) = (back, sent)
            (others.headers, sentOthers.headers) = ([:], [:])
            #expect(others == sentOthers)
            #expect(received[0].message.body == [1, 2, 3])
            #expect(received[1].message == transient)
            for delivery in received { connection.acknowledge(delivery) }
        }
    }

    /// A cancelled consumer ends after what it has got, which can still be settled.
    @Test
    func aCancelledConsumerEndsAfterWhatItHasGot() async throws {
        let broker = try await TestBroker.shared()
        let queue = broker.queue()
        let connection = try broker.connection(queues: [queue])
        try await running(connection) {
            let consumption = await connection.consume(queue: queue, prefetch: 2)
            for id in ["1", "2", "3"] { try await connection.publish(.test(id), queue: queue) }
            let first = try await consumption.take(1)[0]
            await connection.cancel(consumption)
            await connection.cancel(consumption)
            let rest = try await within(.seconds(20), "the end of the consumption") {
                var rest: [Delivery] = []
                for await delivery in consumption { rest.append(delivery) }
                return rest
            }
            #expect(rest.count <= 1)
            for delivery in [first] + rest { connection.acknowledge(delivery) }
            try await eventually("what was not handed out waits") {
                try await connection.depth(ofQueue: queue) == .init(messages: 2 - rest.count, consumers: 0)
            }
            // It does not come back with the connection.
            try await broker.node.management.closeConnection(try await broker.shownName("test"))
            try await connection.status("disconnected", isWanted: \.isDisconnected)
            try await connection.status("connected", isWanted: \.isConnected)
            #expect(try await connection.depth(ofQueue: queue).consumers == 0)
        }
    }

    @Test
    func aConsumerThatIsCancelledWhileItIsBeingStartedEndsToo() async throws {
        let broker = try await TestBroker.shared()
        let queue = broker.queue()
        let connection = try broker.connection(queues: [queue])
        let never = await connection.consume(queue: queue, prefetch: 2)
        await connection.cancel(never)
        #expect(try await within(.seconds(5), "the end") { await never.first { _ in true } } == nil)
        try await running(connection) {
            try await connection.status("connected", isWanted: \.isConnected)
            for pause in 0..<30 {
                let consumption = await connection.consume(queue: queue, prefetch: 2)
                for _ in 0..<pause * pause { await Task.yield() }
                await connection.cancel(consumption)
                #expect(try await within(.seconds(20), "the end") { await consumption.first { _ in true } } == nil)
            }
            try await eventually("no consumer is left") {
                try await connection.depth(ofQueue: queue).consumers == 0
            }
        }
    }

    @Test
    func requestsThatWereGivenUpLeaveNoChannelBehind() async throws {
        let broker = try await TestBroker.shared()
        let queue = broker.queue()
        let connection = try broker.connection(queues: [queue])
        try await running(connection) {
            try await connection.status("connected", isWanted: \.isConnected)
            for pause in 0..<60 {
                let task = Task { try await connection.depth(ofQueue: queue) }
                for _ in 0..<pause * 10 { await Task.yield() }
                task.cancel()
                _ = await task.result
            }
            try await eventually("all channels are closed") { await connection.channelCount == 0 }
            #expect(connection.status.current.isConnected)
            // A channel whose number was used before is as good as new.
            #expect(try await connection.depth(ofQueue: queue).messages == 0)
            let missing = await #expect(throws: BrokerError.self) {
                try await connection.depth(ofQueue: broker.queue("missing"))
            }
            #expect(missing?.replyCode == 404)
        }
    }
}
