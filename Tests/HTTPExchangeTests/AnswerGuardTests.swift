import NIOCore
import NIOEmbedded
import NIOHTTP1
import Testing

@testable import HTTPExchange

/// The guard in a connection without a network.
@Suite struct AnswerGuardTests {
    /// A connection with the guard in front of the parser, as it stands in the client's.
    private final class Line {
        let channel = EmbeddedChannel()
        let caught = Caught()
        var isUnread = false

        init() throws {
            let guarding = AnswerGuard { [unowned self] in $0.eventLoop.makeSucceededFuture(self.isUnread) }
            let parser = ByteToMessageHandler(HTTPResponseDecoder(informationalResponseStrategy: .forward))
            try channel.pipeline.syncOperations.addHandlers([HTTPRequestEncoder(), guarding, parser, caught])
            try channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 1)).wait()
        }

        func request(_ parts: [HTTPClientRequestPart] = [.head(Line.head), .end(nil)]) {
            for part in parts { channel.writeAndFlush(part, promise: nil) }
        }

        /// Everything of one read.
        func receive(_ texts: String...) {
            for text in texts { channel.pipeline.fireChannelRead(ByteBuffer(string: text)) }
            channel.pipeline.fireChannelReadComplete()
        }

        var sent: String {
            get throws {
                var text = ""
                while let part = try channel.readOutbound(as: ByteBuffer.self) { text += String(buffer: part) }
                return text
            }
        }

        var statuses: [Int] {
            get throws {
                var statuses: [Int] = []
                while let part = try channel.readInbound(as: HTTPClientResponsePart.self) {
                    if case .head(let head) = part { statuses.append(Int(head.status.code)) }
                }
                return statuses
            }
        }

        static let head = HTTPRequestHead(version: .http1_1, method: .POST, uri: "/", headers: ["content-length": "0"])
    }

    private final class Caught: ChannelInboundHandler {
        typealias InboundIn = HTTPClientResponsePart
        var errors: [String] = []
        func errorCaught(context: ChannelHandlerContext, error: any Error) { errors.append("\(error)") }
    }

    private static let good = "HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n"

    @Test func anAnswerComesThrough() throws {
        let line = try Line()
        line.request()
        #expect(try line.sent == "POST / HTTP/1.1\r\ncontent-length: 0\r\n\r\n")
        line.receive("HTTP/1.1 100 x\r\n\r\nHTTP/1.1 20", "0 OK\r\ncontent-length: 0\r\n\r\n")
        line.request()
        line.receive(Self.good)
        #expect(try line.statuses == [200, 200])
        #expect(line.caught.errors.isEmpty)
    }

    @Test func whatIsRefusedClosesTheConnectionAndNothingFollowsIt() throws {
        let line = try Line()
        line.request()
        line.receive("HTTP/1.1 000 x\r\n\r\n", Self.good)
        #expect(line.caught.errors == ["\(BadAnswer.status)"])
        #expect(!line.channel.isActive)
        #expect(try line.statuses.isEmpty)
    }

    @Test func whatComesBeforeTheFirstRequestIsRefused() throws {
        let line = try Line()
        line.receive(Self.good)
        #expect(line.caught.errors == ["\(BadAnswer.unasked)"])
        #expect(!line.channel.isActive)
    }

    @Test func aRequestWaitsUntilAllThatCameBeforeIsRead() throws {
        let line = try Line()
        line.isUnread = true
        line.request()
        #expect(try line.sent.isEmpty)
        line.isUnread = false
        line.receive(Self.good)
        #expect(line.caught.errors == ["\(BadAnswer.unasked)"])
        #expect(try line.sent.isEmpty)
        #expect(try line.statuses.isEmpty)
    }

    @Test func aRequestThatWaitedGoesOutWhenNothingCameOfIt() throws {
        let line = try Line()
        line.isUnread = true
        line.request()
        line.receive()
        #expect(try line.sent.isEmpty)
        line.isUnread = false
        line.receive()
        #expect(try line.sent.hasPrefix("POST / HTTP/1.1\r\n"))
        line.receive(Self.good)
        #expect(try line.statuses == [200])
    }

    /// TLS keeps to itself what it reads for itself.
    @Test func aReadThatIsNotToldIsFoundOut() throws {
        let line = try Line()
        line.isUnread = true
        line.request()
        line.channel.embeddedEventLoop.advanceTime(by: .milliseconds(1))
        #expect(try line.sent.isEmpty)
        line.isUnread = false
        line.channel.embeddedEventLoop.advanceTime(by: .milliseconds(1))
        #expect(try line.sent.hasPrefix("POST / HTTP/1.1\r\n"))
    }

    @Test func aRequestDoesNotWaitForEver() throws {
        let line = try Line()
        line.isUnread = true
        line.request()
        line.channel.embeddedEventLoop.advanceTime(by: .milliseconds(999))
        #expect(try line.sent.isEmpty)
        line.channel.embeddedEventLoop.advanceTime(by: .milliseconds(2))
        #expect(try line.sent.hasPrefix("POST / HTTP/1.1\r\n"))
        line.receive(Self.good)
        #expect(try line.statuses == [200])
    }

    /// Several records of TLS come with one read: the second was there before the request that the first brings about.
    @Test func aSecondAnswerOfTheSameReadIsNotTheNextRequests() throws {
        let line = try Line()
        line.request()
        line.channel.pipeline.fireChannelRead(ByteBuffer(string: Self.good))
        line.request()
        line.receive("HTTP/1.1 201 OK\r\ncontent-length: 0\r\n\r\n")
        #expect(try line.statuses == [200])
        #expect(line.caught.errors == ["\(BadAnswer.unasked)"])
    }

    @Test func anEmptyLineBehindABodyIsNoAnswer() throws {
        let line = try Line()
        line.request()
        line.channel.pipeline.fireChannelRead(ByteBuffer(string: Self.good))
        line.request()
        line.receive("\r\n")
        line.receive("HTTP/1.1 201 OK\r\ncontent-length: 0\r\n\r\n")
        #expect(try line.statuses == [200, 201])
        #expect(line.caught.errors.isEmpty)
    }

    @Test func noAnswerAgreesToHalfARequest() throws {
        let line = try Line()
        line.request([.head(Line.head)])
        line.receive(Self.good)
        #expect(line.caught.errors == ["\(BadAnswer.early)"])
        #expect(try line.statuses.isEmpty)
    }

    @Test func aRefusalMayComeEarly() throws {
        let line = try Line()
        line.request([.head(Line.head)])
        line.receive("HTTP/1.1 413 x\r\ncontent-length: 0\r\n\r\n")
        #expect(try line.statuses == [413])
        #expect(line.caught.errors.isEmpty)
    }

    @Test func halfAHeadIsCutOffByTheEnd() throws {
        let line = try Line()
        line.request()
        line.receive("HTTP/1.1 200 OK\r\n")
        line.channel.pipeline.fireChannelInactive()
        #expect(line.caught.errors == ["\(HTTPParserError.invalidEOFState)"])
    }

    @Test func whatWaitsFailsWithTheConnection() throws {
        let line = try Line()
        line.isUnread = true
        let sent = line.channel.eventLoop.makePromise(of: Void.self)
        line.channel.write(HTTPClientRequestPart.head(Line.head), promise: nil)
        line.channel.writeAndFlush(HTTPClientRequestPart.end(nil), promise: sent)
        line.channel.close(promise: nil)
        line.channel.embeddedEventLoop.run()
        #expect(throws: ChannelError.ioOnClosedChannel) { try sent.futureResult.wait() }
    }
}
