import Contracts
import Logging
import Testing

@testable import Broker

/// What comes on a connection that consumes on one channel and publishes on another.
struct Garbage: Sendable, CustomTestStringConvertible {
    enum Outcome: Sendable { case lost, goesOn, either }

    var what: String
    var outcome: Outcome
    var bytes: @Sendable (_ consuming: UInt16, _ publishing: UInt16) -> [UInt8]
    var testDescription: String { what }

    init(
        _ what: String, _ outcome: Outcome, _ bytes: @escaping @Sendable (UInt16, UInt16) -> [UInt8]
    ) {
        self.what = what
        self.outcome = outcome
        self.bytes = bytes
    }
}

/// A broker that says what no broker says: the connection is lost or goes on, and works again either way.
@Suite("A broker that speaks garbage", .timeLimit(.minutes(3)))
struct GarbageTests {
    static let answers: [Garbage] = [
        Garbage("connection.close-ok", .lost) { _, _ in Wire.method(0, 10, 51) },
        Garbage("connection.open-ok", .lost) { _, _ in Wire.openOK },
        Garbage("connection.start", .lost) { _, _ in Wire.start },
        Garbage("connection.tune", .lost) { _, _ in Wire.tune(frameSize: 8, heartbeat: 1) },
        Garbage("channel.close-ok of the consumer", .lost) { channel, _ in Wire.method(channel, 20, 41) },
        Garbage("channel.close-ok of the publishes", .lost) { _, channel in Wire.method(channel, 20, 41) },
        Garbage("channel.close-ok of no channel", .lost) { _, _ in Wire.method(77, 20, 41) },
        Garbage("channel.open-ok", .lost) { channel, _ in Wire.method(channel, 20, 11, Wire.long([])) },
        Garbage("channel.close of no channel", .lost) { _, _ in
            Wire.method(77, 20, 40, [1, 0x94] + Wire.short("x") + [0, 0, 0, 0])
        },
        Garbage("channel.close of channel 0", .lost) { _, _ in
            Wire.method(0, 20, 40, [1, 0x94] + Wire.short("x") + [0, 0, 0, 0])
        },
        Garbage("queue.declare-ok", .lost) { channel, _ in
            Wire.method(channel, 50, 11, Wire.short("q") + [UInt8](repeating: 0xFF, count: 8))
        },
        Garbage("basic.qos-ok", .lost) { channel, _ in Wire.method(channel, 60, 11) },
        Garbage("basic.consume-ok", .lost) { channel, _ in Wire.method(channel, 60, 21, Wire.short("intake-1")) },
        Garbage("basic.get-ok, which nothing here asks for", .lost) { channel, _ in
            Wire.method(
                channel, 60, 71, Wire.number(UInt64(1)) + [0] + Wire.short("x") + Wire.short("k") + [0, 0, 0, 1])
        },
        Garbage("basic.get-empty on channels that nobody opened", .lost) { _, _ in
            (100..<2000).flatMap { Wire.method($0, 60, 72, Wire.short("")) }
        },
        Garbage("channel.flow", .lost) { channel, _ in Wire.method(channel, 20, 20, [0]) },
        Garbage("tx.select-ok", .lost) { channel, _ in Wire.method(channel, 90, 11) },
        Garbage("a method of the client's", .lost) { channel, _ in Wire.method(channel, 60, 72 - 2) },
        Garbage("a method that there is not", .lost) { channel, _ in Wire.method(channel, 60, 999) },
        Garbage("a class that there is not", .lost) { channel, _ in Wire.method(channel, 999, 10) },
        Garbage("basic.ack on the consumer's channel", .lost) { channel, _ in
            Wire.method(channel, 60, 80, Wire.number(UInt64(1)) + [0])
        },
        Garbage("basic.ack of what was never published", .lost) { _, channel in
            Wire.method(channel, 60, 80, Wire.number(UInt64.max) + [1])
        },
        Garbage("basic.nack on channel 0", .lost) { _, _ in Wire.method(0, 60, 120, Wire.number(UInt64(1)) + [3]) },
        Garbage("basic.cancel of no channel", .goesOn) { _, _ in
            Wire.method(77, 60, 30, Wire.short("intake-1") + [1])
        },
        Garbage("basic.cancel of channel 0", .goesOn) { _, _ in Wire.method(0, 60, 30, Wire.short("intake-1") + [1]) },
        Garbage("connection.blocked with a reason of 0xFF", .goesOn) { _, _ in
            Wire.method(0, 10, 60, [255] + [UInt8](repeating: 0xFF, count: 255)) + Wire.method(0, 10, 61)
        },
        Garbage("connection.unblocked", .goesOn) { _, _ in Wire.method(0, 10, 61) },
        Garbage("ten thousand heartbeats", .goesOn) { _, _ in (0..<10_000).flatMap { _ in Wire.frame(8, 0, []) } },
    ]

    static let contents: [Garbage] = [
        Garbage("a delivery on the publishes' channel", .lost) { _, channel in
            Wire.deliver(channel) + Wire.header(channel, size: 0)
        },
        Garbage("a delivery on no channel", .lost) { _, _ in Wire.deliver(77) + Wire.header(77, size: 0) },
        Garbage("a delivery on channel 0", .lost) { _, _ in Wire.deliver(0) + Wire.header(0, size: 0) },
        Garbage("a delivery inside another one", .lost) { channel, _ in Wire.deliver(channel) + Wire.deliver(channel) },
        Garbage("a header without a method", .lost) { channel, _ in Wire.header(channel, size: 0) },
        Garbage("a body without a header", .lost) { channel, _ in Wire.body(channel, [1]) },
        Garbage("a body behind a method", .lost) { channel, _ in Wire.deliver(channel) + Wire.body(channel, [1]) },
        Garbage("a body of no channel", .lost) { _, _ in Wire.body(77, [1]) },
        Garbage("a body longer than announced", .lost) { channel, _ in
            Wire.deliver(channel) + Wire.header(channel, size: 2) + Wire.body(channel, [1, 2, 3])
        },
        Garbage("a body of 2^64-1 bytes that does not come", .either) { channel, _ in
            Wire.deliver(channel) + Wire.header(channel, size: .max) + Wire.body(channel, [1])
        },
        Garbage("a header of another class", .lost) { channel, _ in
            Wire.deliver(channel)
                + Wire.header(channel, size: 0, group: 10, [0xFF, 0xFE] + [UInt8](repeating: 0xFF, count: 64))
        },
        Garbage("a header of a class that there is not", .lost) { channel, _ in
            Wire.deliver(channel) + Wire.header(channel, size: 0, group: 999)
        },
        Garbage("delivery tags out of order", .lost) { channel, _ in
            Wire.deliver(channel, tag: .max) + Wire.header(channel, size: 0)
        },
        Garbage("a delivery tag twice", .lost) { channel, _ in
            (0..<2).flatMap { _ in Wire.deliver(channel, tag: 1) + Wire.header(channel, size: 0) }
        },
        Garbage("a return of what was never published", .goesOn) { _, channel in
            Wire.method(channel, 60, 50, [1, 0x38] + Wire.short("NO_ROUTE") + Wire.short("x") + Wire.short("k"))
                + Wire.header(channel, size: 0)
        },
        Garbage("all properties and no room for them", .lost) { channel, _ in
            Wire.deliver(channel) + Wire.header(channel, size: 0, [0xFF, 0xF8])
        },
        Garbage("flags without end", .lost) { channel, _ in
            Wire.deliver(channel) + Wire.header(channel, size: 0, [UInt8](repeating: 0xFF, count: 10_000))
        },
        Garbage("a string longer than its frame", .lost) { channel, _ in
            Wire.deliver(channel) + Wire.header(channel, size: 0, [0x80, 0x00, 255, 0x41])
        },
        Garbage("a table longer than its frame", .lost) { channel, _ in
            Wire.deliver(channel) + Wire.header(channel, size: 0, [0x20, 0x00] + [0xFF, 0xFF, 0xFF, 0xFF, 0])
        },
        Garbage("a field of a kind that there is not", .lost) { channel, _ in
            Wire.deliver(channel) + Wire.header(channel, size: 0, [0x20, 0x00] + Wire.long([1, 0x61, 0x7A, 0, 0]))
        },
        Garbage("tables 1,000 deep", .goesOn) { channel, _ in
            Wire.deliver(channel) + Wire.header(channel, size: 0, Wire.headers(depth: 1000))
        },
        Garbage("tables as deep as a frame is long", .goesOn) { channel, _ in
            Wire.deliver(channel) + Wire.header(channel, size: 0, Wire.headers(depth: 21_800))
        },
        Garbage("deep tables beside each other", .goesOn) { channel, _ in
            (1...5).flatMap {
                Wire.deliver(channel, tag: $0) + Wire.header(channel, size: 0, Wire.headers(depth: 10_000))
            }
        },
    ]

    static let frames: [Garbage] = [
        Garbage("a frame larger than agreed", .lost) { channel, _ in
            [3] + Wire.number(channel) + Wire.number(UInt32(131_073)) + [UInt8](repeating: 0, count: 100)
        },
        Garbage("a frame of 2^32-1 bytes", .lost) { channel, _ in
            [3] + Wire.number(channel) + Wire.number(UInt32.max) + [UInt8](repeating: 0, count: 100)
        },
        Garbage("a frame of 2^31 bytes", .lost) { channel, _ in
            [1] + Wire.number(channel) + Wire.number(UInt32(1) << 31) + [UInt8](repeating: 0, count: 100)
        },
        Garbage("a frame without its end", .lost) { channel, _ in Wire.frame(3, channel, [1], end: 0) },
        Garbage("a method frame of no bytes", .lost) { channel, _ in Wire.frame(1, channel, []) },
        Garbage("a header frame of no bytes", .lost) { channel, _ in Wire.frame(2, channel, []) },
        Garbage("a method without its arguments", .lost) { channel, _ in Wire.method(channel, 60, 60) },
        Garbage("a frame of type 0", .either) { channel, _ in Wire.frame(0, channel, [1]) },
        Garbage("a frame of type 255", .either) { channel, _ in Wire.frame(255, channel, [1]) },
        Garbage("a protocol header in the middle", .either) { _, _ in Array("AMQP".utf8) + [0, 0, 9, 1] },
        Garbage("HTTP", .lost) { _, _ in Array("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n".utf8) },
        Garbage("zeros", .either) { _, _ in [UInt8](repeating: 0, count: 100_000) },
        Garbage("0xCE", .lost) { _, _ in [UInt8](repeating: 0xCE, count: 100_000) },
    ]

    @Test("answers", arguments: answers) func unaskedAnswers(_ garbage: Garbage) async throws {
        try await Self.survives(garbage)
    }
    @Test("contents", arguments: contents) func brokenContents(_ garbage: Garbage) async throws {
        try await Self.survives(garbage)
    }
    @Test("frames", arguments: frames) func brokenFrames(_ garbage: Garbage) async throws {
        try await Self.survives(garbage)
    }

    /// Bytes that nobody thought of: frames of any type, channel and content, some of them well-formed.
    @Test("random frames", arguments: 0..<UInt64(40)) func randomFrames(_ seed: UInt64) async throws {
        try await Self.survives(
            Garbage("seed \(seed)", .either) { first, second in Self.made(up: seed, [0, first, second, 77]) })
    }

    private static func made(up seed: UInt64, _ channels: [UInt16]) -> [UInt8] {
        var dice = SeededGenerator(seed: seed)
        return (0..<20).flatMap { _ -> [UInt8] in
            let channel = channels.randomElement(using: &dice) ?? 0
            let groups: [UInt16] = [10, 20, 40, 50, 60, 85]
            let group = groups.randomElement(using: &dice) ?? 0
            let bytes = (0..<Int.random(in: 0...60, using: &dice)).map { _ in UInt8.random(in: 0...255, using: &dice) }
            switch Int.random(in: 0...3, using: &dice) {
            case 0: return Wire.frame(UInt8.random(in: 0...9, using: &dice), channel, bytes)
            case 1: return Wire.method(channel, group, UInt16.random(in: 0...130, using: &dice), bytes)
            case 2: return Wire.deliver(channel) + Wire.header(channel, size: 4, bytes)
            default: return Wire.header(channel, size: UInt64.random(in: 0...8, using: &dice), group: group, bytes)
            }
        }
    }

    @Test("half a frame, and then nothing: the silence is noticed")
    func halfAFrame() async throws {
        try await Self.survives(
            Garbage("half a frame", .lost) { channel, _ in Array(Wire.deliver(channel).dropLast(5)) }, heartbeat: 1)
    }

    @Test("half a frame, and the end")
    func halfAFrameAndTheEnd() async throws {
        try await Self.survives(
            Garbage("half a frame", .lost) { channel, _ in Array(Wire.deliver(channel).dropLast(5)) }, closes: true)
    }

    /// What comes in place of a handshake, at each of its steps.
    @Test(
        "handshakes that go wrong", arguments: 0..<4,
        [
            Array("HTTP/1.1 400 Bad Request\r\n\r\n".utf8), [UInt8](repeating: 0, count: 200),
            [UInt8](repeating: 0xFF, count: 200), Wire.method(0, 10, 51), Wire.method(0, 10, 20, Wire.long([0xFF])),
            Wire.method(0, 10, 50, [1, 0x92] + Wire.short("ACCESS_REFUSED") + [0, 0, 0, 0]), Wire.header(0, size: 0),
            Wire.method(0, 10, 30, [0, 0]), Wire.method(0, 10, 10, [0, 9, 0xFF, 0xFF, 0xFF, 0xFF]), [],
        ])
    func handshake(_ step: Int, _ garbage: [UInt8]) async throws {
        let broker = try ScriptedBroker { session throws(ScriptedBroker.Ended) in
            guard session.number == 0 else {
                try session.welcome()
                return try session.serve()
            }
            _ = try session.receive(8)
            if step > 0 {
                try session.send(Wire.start)
                _ = try session.receiveFrame()
            }
            if step > 1 {
                try session.send(Wire.tune(frameSize: 131_072, heartbeat: 0))
                _ = try session.receiveFrame()
                _ = try session.receiveFrame()
            }
            if step > 2 { try session.send(Wire.openOK) }
            try session.misbehave(garbage)
            try session.fallSilent()
        }
        let connection = try Self.connection(broker) { $0.connectTimeout = .seconds(1) }
        try await running(connection) {
            _ = await connection.consume(queue: "queue", prefetch: 10)
            // Step 3 comes after a handshake that went well.
            if step == 3, garbage.isEmpty { return }
            try await broker.reached(.consuming(1))
        }
    }

    /// The library then agrees on the least that AMQP allows, 4,096 bytes (section 4.2.3).
    @Test("a broker that takes frames of next to nothing", arguments: [UInt32(1), 100, 4095, 4096])
    func smallFrames(_ size: UInt32) async throws {
        let broker = try ScriptedBroker { session throws(ScriptedBroker.Ended) in
            try session.welcome(frameSize: size)
            try session.serve()
        }
        let connection = try Self.connection(broker)
        try await running(connection) {
            _ = await connection.consume(queue: "queue", prefetch: 10)
            try await broker.reached(.consuming(0))
            try await within(.seconds(30), "a confirm") {
                try await connection.publish(.test("m", body: [UInt8](repeating: 1, count: 50_000)), queue: "queue")
            }
        }
    }

    // MARK: What all of them do

    /// Says garbage once to a connection that consumes and publishes, and looks whether it still does, or does again.
    private static func survives(_ garbage: Garbage, heartbeat: UInt16 = 0, closes: Bool = false) async throws {
        let broker = try ScriptedBroker { session throws(ScriptedBroker.Ended) in
            try session.welcome(heartbeat: heartbeat)
            try session.serve { $0.consumerChannel != nil && $0.publishChannel != nil }
            guard let consuming = session.consumerChannel, let publishing = session.publishChannel else { return }
            if session.number == 0 {
                try session.misbehave(garbage.bytes(consuming, publishing))
                if closes { return }
                if heartbeat > 0 { return try session.fallSilent() }
                // Whoever went on is asked to come again, as an operator would.
                if case .lost = garbage.outcome {
                } else {
                    try session.send(
                        Wire.method(0, 10, 50, [1, 0x40] + Wire.short("CONNECTION_FORCED") + [0, 0, 0, 0]))
                }
            } else {
                try session.send(
                    Wire.deliver(consuming) + Wire.header(consuming, size: 2) + Wire.body(consuming, [1, 2]))
            }
            try session.serve()
        }
        let connection = try Self.connection(broker) { if heartbeat > 0 { $0.heartbeat = .seconds(Int(heartbeat)) } }
        let updates = connection.status.updates()
        try await running(connection) {
            let consumption = await connection.consume(queue: "queue", prefetch: 100)
            try await connection.publish(.test("before"), queue: "queue")
            let lost = try await within(.seconds(30), "the loss") { await updates.first(where: \.isDisconnected) }
            switch garbage.outcome {
            case .lost:
                #expect(lost?.failure?.code == .connectionLost && lost?.failure?.replyCode == nil, "\(lost as Any)")
            case .goesOn: #expect(lost?.failure?.replyCode == 320, "\(lost as Any)")
            case .either: break
            }
            try await broker.reached(.consuming(1))
            try await within(.seconds(30), "a confirm") { try await connection.publish(.test("after"), queue: "queue") }
            // The latest of what came: garbage may have been a delivery.
            try await within(.seconds(30), "a delivery") {
                for await delivery in consumption {
                    connection.acknowledge(delivery)
                    if delivery.message.body == [1, 2] { return }
                }
            }
        }
    }

    private static func connection(
        _ broker: ScriptedBroker, _ change: (inout ConnectionConfiguration) -> Void = { _ in }
    ) throws -> Connection {
        var configuration = ConnectionConfiguration(
            endpoints: [.init(host: "127.0.0.1", port: broker.port)],
            credentials: .plain(user: "guest", password: "guest"), name: "garbage")
        configuration.backoff.limit = .milliseconds(100)
        change(&configuration)
        return try Connection(configuration, logger: .test)
    }
}
