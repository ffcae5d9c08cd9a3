import NIOCore
import NIOEmbedded
import NIOHTTP1

@testable import HTTPExchange

extension Harness {
    static let answer = Harness(
        "answer", "what partners and geocoders answer, in any pieces: one head of 200 and more for a request, at most"
    ) { input in
        let line = Line()
        let early = input.byte()
        if early & 1 == 0 { line.request() }
        for piece in input.pieces() {
            line.receive(piece)
            if early & 2 != 0 { line.request() }
        }
        line.request()
        line.end()
    }
}

/// A connection of the HTTP client's without a network: the guard, and the parser behind it.
private final class Line {
    private let channel = EmbeddedChannel()
    private let seen = Seen()

    init() {
        let guarding = AnswerGuard { $0.eventLoop.makeSucceededFuture(false) }
        let parser = ByteToMessageHandler(HTTPResponseDecoder(informationalResponseStrategy: .forward))
        do {
            try channel.pipeline.syncOperations.addHandlers([HTTPRequestEncoder(), guarding, parser, seen])
            try channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 1)).wait()
        } catch {
            fatalError("no connection: \(error)")
        }
    }

    func request() {
        guard channel.isActive else { return }
        seen.requests += 1
        let head = HTTPRequestHead(version: .http1_1, method: .POST, uri: "/", headers: ["content-length": "0"])
        channel.write(HTTPClientRequestPart.head(head), promise: nil)
        channel.writeAndFlush(HTTPClientRequestPart.end(nil), promise: nil)
        while (try? channel.readOutbound(as: ByteBuffer.self)) != nil {}
    }

    func receive(_ bytes: [UInt8]) {
        guard channel.isActive else { return }
        channel.pipeline.fireChannelRead(ByteBuffer(bytes: bytes))
        channel.pipeline.fireChannelReadComplete()
    }

    func end() {
        channel.close(promise: nil)
        _ = try? channel.finish(acceptAlreadyClosed: true)
    }

    /// Stands where the client does.
    private final class Seen: ChannelInboundHandler {
        typealias InboundIn = HTTPClientResponsePart
        var requests = 0
        private var heads = 0

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            guard case .head(let head) = unwrapInboundIn(data) else { return }
            heads += 1
            demand(head.status.code >= 200, "no status below 200 reaches the client")
            demand(heads <= requests, "no answer that nobody asked for reaches the client")
        }

        func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
    }
}
