import Foundation
import HTTPListener
import HTTPTypes
import Logging
import NIOCore
import NIOEmbedded
import NIOHTTP1
import Synchronization
import Testing

@testable import HTTPListener

/// One connection, with a clock that the test moves.
@Suite struct ConnectionGuardTests {
    private static let head = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\n"

    @Test func aHeadThatTakesTooLongIsAnsweredWith408() throws {
        let door = try Door()
        try door.send("GET / HTTP/1.1\r\n")
        door.pass(.seconds(9))
        try door.send("Host: a\r\n")
        #expect(door.channel.isActive && door.received.isEmpty)
        door.pass(.seconds(1))
        #expect(door.received.hasPrefix("HTTP/1.1 408 Request Timeout\r\n"))
        #expect(door.received.contains("urn:intake:problem:too-slow"))
        #expect(door.received.contains("connection: close"))
        door.pass(.seconds(2))
        #expect(!door.channel.isActive)
        #expect(door.codes == ["too-slow"])
    }

    @Test func aBodyMustKeepItsRate() throws {
        let door = try Door { $0.bodyRate = 1 }
        try door.send(Self.head)
        // A byte each second: as fast as it must be, and ten seconds in reserve.
        for _ in 0..<9 {
            door.pass(.seconds(1))
            try door.send("x")
        }
        #expect(door.received.isEmpty)
        door.pass(.seconds(9))
        #expect(door.received.isEmpty)
        door.pass(.seconds(1))
        #expect(door.received.hasPrefix("HTTP/1.1 408"))
    }

    @Test func aQuickBodyIsLeftAlone() throws {
        let door = try Door()
        try door.send(Self.head + "0123456789")
        // The answer may take as long as it takes.
        door.pass(.seconds(3600))
        #expect(door.channel.isActive)
        try door.answer()
        #expect(door.received.hasPrefix("HTTP/1.1 200"))
    }

    @Test func anIdleConnectionIsClosedWithoutAWord() throws {
        let door = try Door()
        try door.send(Self.head + "0123456789")
        try door.answer()
        let answer = door.received
        door.pass(.seconds(59))
        #expect(door.channel.isActive)
        door.pass(.seconds(1))
        #expect(!door.channel.isActive)
        #expect(door.received == answer)
        #expect(door.codes.isEmpty)
    }

    @Test func whatIsNotHTTPIsAnsweredWith400() throws {
        for text in ["nonsense\r\n\r\n", "GET / HTTP/1.1\r\nBad Header: x\r\n\r\n", "GET\u{0} / HTTP/1.1\r\n\r\n"] {
            let door = try Door()
            try door.send(text)
            #expect(door.received.hasPrefix("HTTP/1.1 400 Bad Request\r\n"))
            #expect(door.received.contains("urn:intake:problem:malformed-http"))
            #expect(door.received.contains("X-Content-Type-Options: nosniff"))
        }
    }

    @Test func aBrokenBodyIsAnsweredWith400() throws {
        let door = try Door()
        try door.send("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nnonsense\r\n")
        #expect(door.received.hasPrefix("HTTP/1.1 400"))
        // The request handler's own answer comes too late.
        try? door.answer()
        #expect(!door.received.contains(" 200 "))
    }

    @Test(arguments: [
        "GET / HTTP/1.1\r\nX: " + String(repeating: "x", count: 17_000),
        "GET / HTTP/1.1\r\nX: " + String(repeating: "x", count: 17_000) + "\r\n\r\n",
        "GET / HTTP/1.1\r\n" + String(repeating: "X: y\r\n", count: 101) + "\r\n",
        "GET /" + String(repeating: "x", count: 17_000),
        "GET /" + String(repeating: "x", count: 17_000) + " HTTP/1.1\r\n\r\n",
    ])
    func aHeadThatIsTooLargeIsAnsweredWith431(_ text: String) throws {
        let door = try Door()
        for part in [text.prefix(9000), text.dropFirst(9000)] { try door.send(String(part)) }
        #expect(door.received.hasPrefix("HTTP/1.1 431 Request Header Fields Too Large\r\n"))
        #expect(door.codes == ["head-too-large"])
    }

    @Test func anEarlierAnswerGoesFirst() throws {
        let door = try Door()
        try door.send(Self.head + "0123456789" + "nonsense\r\n\r\n")
        #expect(door.received.isEmpty)
        try door.answer()
        let statuses = door.received.matches(of: /HTTP\/1\.1 (\d+)/).map { String($0.output.1) }
        #expect(statuses == ["200", "400"])
    }

    /// Each of them: the first is answered when the others are read already.
    @Test func everyOldRequestIsToldThatTheConnectionStays() throws {
        let door = try Door()
        try door.send(String(repeating: "GET / HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\n", count: 3))
        for count in 1...3 {
            try door.answer()
            #expect(door.received.matches(of: /connection: keep-alive\r\n/).count == count)
        }
        #expect(door.channel.isActive)
    }

    /// Its end is that of the connection, whatever was read behind it.
    @Test func anAnswerOfUnknownLengthToAnOldRequestIsTheLast() throws {
        let door = try Door()
        try door.send(String(repeating: "GET / HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\n", count: 2))
        try door.answer([:])
        #expect(door.received.hasPrefix("HTTP/1.0 200 OK\r\n") && door.received.contains("connection: close\r\n"))
        let answer = door.received
        #expect(throws: ChannelError.ioOnClosedChannel) { try door.answer() }
        #expect(door.received == answer)
        door.pass(.seconds(2))
        #expect(!door.channel.isActive)
    }

    /// The answer to the request ahead is not the one that makes the telling needless.
    @Test func whoWaitsBehindAnotherRequestIsToldToGoOnInTurn() throws {
        let door = try Door()
        try door.send(
            "GET / HTTP/1.1\r\nHost: a\r\n\r\nPOST / HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\nExpect: 100-continue\r\n\r\n"
        )
        #expect(door.received.isEmpty)
        try door.answer()
        #expect(door.received.hasSuffix("HTTP/1.1 100 Continue\r\n\r\n"))
        try door.send("body")
        try door.answer()
        let statuses = door.received.matches(of: /HTTP\/1\.1 (\d+)/).map { String($0.output.1) }
        #expect(statuses == ["200", "100", "200"])
    }

    @Test func theRestOfAnAnsweredRequestIsReadForAMoment() throws {
        let door = try Door { $0.drainBytes = 100 }
        try door.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\n")
        try door.answer()
        try door.send(String(repeating: "x", count: 100))
        door.pass(.seconds(4))
        #expect(door.channel.isActive)
        door.pass(.seconds(1))
        #expect(!door.channel.isActive)

        let greedy = try Door { $0.drainBytes = 100 }
        try greedy.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\n")
        try greedy.answer()
        try greedy.send(String(repeating: "x", count: 101))
        #expect(!greedy.channel.isActive)
        #expect(!greedy.received.contains("408"))
    }

    @Test func whoWaitsMakesRoomAndWhoWorksDoesNot() throws {
        let idle = try Door()
        idle.channel.pipeline.fireUserInboundEventTriggered(MakeRoom())
        #expect(!idle.channel.isActive)
        let busy = try Door()
        try busy.send(Self.head)
        busy.channel.pipeline.fireUserInboundEventTriggered(MakeRoom())
        #expect(busy.channel.isActive)
    }
}

/// A connection without a socket. What has been read is thrown away; answers are written when the test says so.
private final class Door {
    let channel = EmbeddedChannel()
    private(set) var received = ""
    private let observed: Observed

    private final class Observed: Sendable {
        let codes = Mutex<[String]>([])
    }

    init(_ change: (inout ConnectionLimits) -> Void = { _ in }) throws {
        var limits = ConnectionLimits()
        change(&limits)
        let observed = Observed()
        self.observed = observed
        let guardian = ConnectionGuard(
            limits: limits, fields: SecurityFields.all(isTLS: false),
            register: ConnectionRegister("test", limit: 10, logger: Logger(label: "test")),
            at: channel.eventLoop.now,
            observe: { code in observed.codes.withLock { $0.append(code) } })
        let pipeline = channel.pipeline.syncOperations
        try pipeline.addHandler(ArrivalWatch(guardian))
        var decoder = NIOHTTPDecoderLimitConfiguration()
        decoder.maxHeaderFieldSize = limits.headBytes
        decoder.maxHeaderListSize = limits.headBytes
        decoder.maxHeaderFieldCount = 100
        try pipeline.configureHTTPServerPipeline(
            withPipeliningAssistance: false, withErrorHandling: false, withEncoderConfiguration: .init(),
            withDecoderLimitConfiguration: decoder)
        try pipeline.addHandler(guardian)
        try channel.connect(to: try SocketAddress(ipAddress: "127.0.0.1", port: 1)).wait()
    }

    var codes: [String] { observed.codes.withLock { $0 } }

    func send(_ text: String) throws {
        try channel.writeInbound(ByteBuffer(string: text))
        collect()
    }

    func pass(_ time: TimeAmount) {
        channel.embeddedEventLoop.advanceTime(by: time)
        collect()
    }

    func answer(_ headers: HTTPHeaders = ["content-length": "0"]) throws {
        let head = HTTPResponseHead(version: .http1_1, status: .ok, headers: headers)
        channel.write(HTTPServerResponsePart.head(head), promise: nil)
        try channel.writeAndFlush(HTTPServerResponsePart.end(nil)).wait()
        collect()
    }

    private func collect() {
        do {
            while let bytes = try channel.readOutbound(as: ByteBuffer.self) { received += String(buffer: bytes) }
        } catch {
            Issue.record(error)
        }
    }
}
