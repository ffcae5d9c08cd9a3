import Logging
import NIOCore
import NIOEmbedded
import NIOHTTP1

@testable import HTTPListener

extension Harness {
    static let http = Harness(
        "http", "a listener's connection: heads, framing, pipelining in any pieces; silence must end it"
    ) { input in
        let door = Door()
        let pieces = input.pieces()
        for piece in pieces where door.channel.isActive { door.send(piece) }
        // Whatever came: who says nothing more is not kept. A body may have a second for each of its bytes.
        for _ in 0..<(12 + pieces.count / 60) where door.channel.isActive {
            door.channel.embeddedEventLoop.advanceTime(by: .seconds(60))
        }
        demand(!door.channel.isActive, "a connection that has fallen silent is closed")
        door.end()
    }
}

/// One connection of a listener, without a socket, whose requests are all answered.
private final class Door {
    let channel = EmbeddedChannel()

    init() {
        var limits = ConnectionLimits()
        limits.bodyBytes = 65_536
        let guardian = ConnectionGuard(
            limits: limits, fields: SecurityFields.all(isTLS: false),
            register: ConnectionRegister(
                "fuzz", limit: 10, logger: Logger(label: "fuzz") { _ in SwiftLogNoOpLogHandler() }),
            at: channel.eventLoop.now, observe: { _ in })
        var decoder = NIOHTTPDecoderLimitConfiguration()
        decoder.maxHeaderFieldSize = limits.headBytes
        decoder.maxHeaderListSize = limits.headBytes
        decoder.maxHeaderFieldCount = 100
        let pipeline = channel.pipeline.syncOperations
        do {
            try pipeline.addHandler(ArrivalWatch(guardian))
            try pipeline.configureHTTPServerPipeline(
                withPipeliningAssistance: true, withErrorHandling: false, withEncoderConfiguration: .init(),
                withDecoderLimitConfiguration: decoder)
            let parser = try pipeline.handler(type: ByteToMessageHandler<HTTPRequestDecoder>.self)
            try pipeline.addHandler(guardian, position: .after(parser))
            try pipeline.addHandler(Answering())
            try channel.connect(to: try SocketAddress(ipAddress: "127.0.0.1", port: 1)).wait()
        } catch {
            fatalError("no connection: \(error)")
        }
    }

    func send(_ bytes: [UInt8]) {
        // What is wrong with it, the guard has answered.
        _ = try? channel.writeInbound(ByteBuffer(bytes: bytes))
        collect()
    }

    func end() {
        collect()
        _ = try? channel.finish(acceptAlreadyClosed: true)
    }

    private func collect() {
        while let bytes = try? channel.readOutbound(as: ByteBuffer.self) {
            demand(bytes.readableBytes < 1 << 20, "an answer is no longer than what it answers is worth")
        }
    }

    private final class Answering: ChannelInboundHandler {
        typealias InboundIn = HTTPServerRequestPart
        typealias OutboundOut = HTTPServerResponsePart

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            guard case .end = unwrapInboundIn(data) else { return }
            let head = HTTPResponseHead(version: .http1_1, status: .ok, headers: ["content-length": "0"])
            context.write(wrapOutboundOut(.head(head)), promise: nil)
            context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
        }
    }
}
