import Glibc

@testable import Broker

/// A broker in raw frames, that can be made to say what no broker says. On 127.0.0.1, a connection at a time.
final class ScriptedBroker: Sendable {
    typealias Script = @Sendable (Session) throws(Ended) -> Void

    /// The client has gone, or the test is over.
    struct Ended: Error {}

    let port: Int
    /// What sessions come to, in order.
    let events: AsyncStream<Event>
    private let listener: Int32
    private let notices: AsyncStream<Event>.Continuation

    enum Event: Sendable, Equatable {
        /// A session, from 0, has a consumer.
        case consuming(Int)
        /// It has begun to misbehave.
        case misbehaving(Int)
        case ended(Int)
    }

    /// - Parameter script: what a session does; when it returns, the connection is closed.
    init(_ script: @escaping Script) throws {
        let peer = try MutePeer()
        port = peer.port
        listener = dup(peer.descriptor)
        (events, notices) = AsyncStream.makeStream(of: Event.self)
        let (listener, notices) = (listener, notices)
        try SystemThread.detach {
            var number = 0
            while case let descriptor = accept(listener, nil, nil), descriptor >= 0 {
                let session = Session(descriptor, number: number, notices)
                try? script(session)
                notices.yield(.ended(number))
                close(descriptor)
                number += 1
            }
        }
    }

    deinit {
        // Wakes whoever waits for the next connection, who then ends.
        shutdown(listener, Int32(SHUT_RDWR))
        close(listener)
        notices.finish()
    }

    /// Waits for an event.
    /// - Throws: `TooLate`.
    func reached(_ event: Event, within limit: Duration = .seconds(30)) async throws {
        let found = try await within(limit, "\(event)") { [events] in await events.first { $0 == event } }
        if found == nil { throw TooLate(what: "\(event), before the end", limit: limit) }
    }

    /// One connection, on the broker's thread.
    final class Session {
        let number: Int
        private let descriptor: Int32
        private let notices: AsyncStream<Event>.Continuation
        /// The channel that consumes, and what has been delivered on it.
        private(set) var consumerChannel: UInt16?
        private(set) var publishChannel: UInt16?
        private var published: UInt64 = 0

        fileprivate init(_ descriptor: Int32, number: Int, _ notices: AsyncStream<Event>.Continuation) {
            self.descriptor = descriptor
            self.number = number
            self.notices = notices
            var patience = timeval(tv_sec: 30, tv_usec: 0)
            let size = socklen_t(MemoryLayout<timeval>.size)
            setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience, size)
            setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &patience, size)
        }

        func send(_ bytes: [UInt8]) throws(Ended) {
            var rest = bytes[...]
            while !rest.isEmpty {
                let count = rest.withUnsafeBytes {
                    Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
                }
                guard count > 0 else { throw Ended() }
                rest = rest.dropFirst(count)
            }
        }

        func receive(_ count: Int) throws(Ended) -> [UInt8] {
            var bytes: [UInt8] = []
            while bytes.count < count {
                var buffer = [UInt8](repeating: 0, count: count - bytes.count)
                let read = recv(descriptor, &buffer, buffer.count, 0)
                guard read > 0 else { throw Ended() }
                bytes += buffer.prefix(read)
            }
            return bytes
        }

        func receiveFrame() throws(Ended) -> Frame {
            let head = try receive(7)
            let length = head[3...6].reduce(0) { $0 << 8 | Int($1) }
            let payload = try receive(length + 1).dropLast()
            return Frame(type: head[0], channel: UInt16(head[1]) << 8 | UInt16(head[2]), payload: Array(payload))
        }

        /// Until the client is connected.
        func welcome(heartbeat: UInt16 = 0, frameSize: UInt32 = 131_072) throws(Ended) {
            _ = try receive(8)
            try send(Wire.start)
            _ = try receiveFrame()
            try send(Wire.tune(frameSize: frameSize, heartbeat: heartbeat))
            _ = try receiveFrame()
            _ = try receiveFrame()
            try send(Wire.openOK)
        }

        /// Answers as a broker does, until there is what is waited for.
        func serve(until isEnough: (Session) -> Bool = { _ in false }) throws(Ended) {
            while !isEnough(self) { try answer(try receiveFrame()) }
        }

        /// Takes whatever comes and says nothing, until the client has had enough.
        func fallSilent() throws(Ended) {
            while true { _ = try receive(1) }
        }

        func misbehave(_ bytes: [UInt8]) throws(Ended) {
            notices.yield(.misbehaving(number))
            try send(bytes)
        }

        private func answer(_ frame: Frame) throws(Ended) {
            let channel = frame.channel
            switch frame.method {
            case (20, 10)?: try send(Wire.method(channel, 20, 11, Wire.long([])))
            case (20, 40)?: try send(Wire.method(channel, 20, 41))
            case (40, 10)?: try send(Wire.method(channel, 40, 11))
            case (50, 10)?: try send(Wire.method(channel, 50, 11, Wire.short("queue") + [0, 0, 0, 0, 0, 0, 0, 0]))
            case (60, 10)?: try send(Wire.method(channel, 60, 11))
            case (60, 20)?:
                consumerChannel = channel
                try send(Wire.method(channel, 60, 21, Wire.short("intake-1")))
                notices.yield(.consuming(number))
            case (60, 30)?: try send(Wire.method(channel, 60, 31, Wire.short("intake-1")))
            case (60, 40)?:
                publishChannel = channel
                published += 1
                try send(Wire.method(channel, 60, 80, Wire.number(published) + [0]))
            case (85, 10)?:
                publishChannel = channel
                try send(Wire.method(channel, 85, 11))
            case (10, 50)?: try send(Wire.method(0, 10, 51))
            default: break
            }
        }
    }

    struct Frame {
        var type: UInt8
        var channel: UInt16
        var payload: [UInt8]

        /// Class and method of a method frame.
        var method: (Int, Int)? {
            guard type == 1, payload.count >= 4 else { return nil }
            return (Int(payload[0]) << 8 | Int(payload[1]), Int(payload[2]) << 8 | Int(payload[3]))
        }
    }
}

/// AMQP 0-9-1 as it goes over the wire, without a check of anything (section 4.2).
enum Wire {
    static func frame(_ type: UInt8, _ channel: UInt16, _ payload: [UInt8], end: UInt8 = 0xCE) -> [UInt8] {
        [type] + number(channel) + number(UInt32(payload.count)) + payload + [end]
    }

    static func method(_ channel: UInt16, _ group: UInt16, _ method: UInt16, _ arguments: [UInt8] = []) -> [UInt8] {
        frame(1, channel, number(group) + number(method) + arguments)
    }

    static func deliver(_ channel: UInt16, tag: UInt64 = 1) -> [UInt8] {
        method(channel, 60, 60, short("intake-1") + number(tag) + [0] + short("x") + short("k"))
    }

    /// - Parameter properties: flags and what they announce.
    static func header(_ channel: UInt16, size: UInt64, group: UInt16 = 60, _ properties: [UInt8] = [0, 0]) -> [UInt8] {
        frame(2, channel, number(group) + [0, 0] + number(size) + properties)
    }

    static func body(_ channel: UInt16, _ bytes: [UInt8]) -> [UInt8] { frame(3, channel, bytes) }

    static func short(_ text: String) -> [UInt8] { [UInt8(text.utf8.count)] + text.utf8 }
    static func long(_ bytes: [UInt8]) -> [UInt8] { number(UInt32(bytes.count)) + bytes }
    static func number(_ value: some FixedWidthInteger) -> [UInt8] {
        withUnsafeBytes(of: value.bigEndian) { Array($0) }
    }

    /// A message's headers: a table with one field, whose value is so many tables deep.
    static func headers(depth: Int) -> [UInt8] {
        // From the inside out, each is `F`, its length, and a field with an empty name.
        let layer = 6
        var content: [UInt8] = []
        content.reserveCapacity((depth + 1) * layer)
        for level in stride(from: depth, to: 0, by: -1) {
            content += [0, UInt8(ascii: "F")] + number(UInt32((level - 1) * layer))
        }
        return [0x20, 0x00] + long(content)
    }

    static let start = method(
        0, 10, 10, [0, 9] + long([]) + long(Array("PLAIN".utf8)) + long(Array("en_US".utf8)))
    static func tune(frameSize: UInt32, heartbeat: UInt16) -> [UInt8] {
        method(0, 10, 30, number(UInt16(2047)) + number(frameSize) + number(heartbeat))
    }
    static let openOK = method(0, 10, 41, short(""))
}
