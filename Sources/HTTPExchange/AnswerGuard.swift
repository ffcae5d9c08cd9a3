import NIOCore
import NIOHTTP1

#if canImport(Glibc)
    import Glibc
#endif

/// Stands in a connection in front of the parser, and lets only well-formed answers through to the HTTP client.
///
/// AsyncHTTPClient ends the process when its state machines meet what they hold to be impossible, and some answers
/// bring that about: a status below 100 counts as an interim one there, but the end of its message as the end of an
/// answer. With this handler the client sees, for each request, one head whose status is 200 or more. What is refused
/// fails the request with a `BadAnswer`, and closes the connection.
///
/// It also sees to it that an answer belongs to its request. What came before the request is no answer to it (RFC 9112,
/// section 9.2), and the parser, asked only when the request has gone out, could not tell. So a request goes out only
/// when all that came before has been read; and no answer that agrees (2xx) counts before the request has been sent
/// whole.
final class AnswerGuard: ChannelDuplexHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer
    typealias OutboundIn = HTTPClientRequestPart
    typealias OutboundOut = HTTPClientRequestPart

    private static let patience = TimeAmount.seconds(1)

    private enum State {
        /// No request has gone out yet: nothing may come.
        case silent
        /// A request has gone out, and the head of its answer is awaited.
        case awaiting(AnswerHead)
        /// The head has come. What follows, and what comes until the next request, is the parser's to judge.
        case answered
        /// Something was refused: nothing counts any more.
        case refused
    }

    private var state = State.silent
    /// Of the answer whose body comes; `nil` where it comes in no chunks.
    private var chunks: ChunkPadding?
    /// How many requests have begun; and the latest of them that was sent whole.
    private var requests = 0
    private var sent = 0
    /// Whether what one read of the socket brought is being handed on.
    private var isReading = false
    /// What waits for what came before to be read; `nil` when nothing waits.
    private var held: [(part: HTTPClientRequestPart, promise: EventLoopPromise<Void>?)]?
    /// Until when it waits: a socket whose queue never empties must not hold a request back for ever.
    private var heldUntil = NIODeadline.distantPast
    private var isToLookAgain = false
    private let unread: (any Channel) -> EventLoopFuture<Bool>

    /// - Parameter unread: whether the system holds bytes of a connection that have not been read.
    init(unread: @escaping (any Channel) -> EventLoopFuture<Bool> = AnswerGuard.holdsUnread) {
        self.unread = unread
    }

    // MARK: Answers

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        isReading = true
        var bytes = unwrapInboundIn(data)
        switch state {
        case .silent: refuse(.unasked, context)
        case .answered:
            guard held == nil else {
                // The parser knows of the request that waits, and would take this for its answer. Some servers send an
                // empty line behind a body.
                let isEmpty = bytes.readableBytesView.allSatisfy {
                    $0 == UInt8(ascii: "\r") || $0 == UInt8(ascii: "\n")
                }
                return isEmpty ? () : refuse(.unasked, context)
            }
            context.fireChannelRead(wrapInboundOut(chunks?.received(bytes) ?? bytes))
        case .refused: break
        case .awaiting(var head):
            // Given up first, so that the bytes are not copied.
            state = .refused
            do throws(BadAnswer) {
                guard let answer = try head.received(&bytes) else { return state = .awaiting(head) }
                // A refusal may come early: whoever does not want a request need not read it (RFC 9110, section
                // 10.1.1).
                guard answer.status >= 300 || sent == requests else { throw .early }
                state = .answered
                chunks = answer.isChunked ? ChunkPadding() : nil
                var whole = answer.bytes
                if chunks != nil, let head = whole.readSlice(length: answer.headLength) {
                    var mended = head
                    var body = chunks?.received(whole) ?? whole
                    mended.writeBuffer(&body)
                    whole = mended
                }
                context.fireChannelRead(wrapInboundOut(whole))
            } catch {
                refuse(error, context)
            }
        }
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        context.fireChannelReadComplete()
        isReading = false
        if held != nil { sendWhenAllIsRead(context) }
    }

    func channelInactive(context: ChannelHandlerContext) {
        if case .awaiting(let head) = state {
            // The parser, which has seen nothing of it, could not say that an answer was cut off.
            if head.hasBegun {
                context.fireErrorCaught(HTTPParserError.invalidEOFState)
            } else if requests > 1 {
                context.fireErrorCaught(ReusedConnectionEnded())
            }
        }
        state = .refused
        dropHeld()
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        if case .awaiting(let head) = state, !head.hasBegun, requests > 1, error is IOError {
            context.fireErrorCaught(ReusedConnectionEnded())
        } else {
            context.fireErrorCaught(error)
        }
    }

    func handlerRemoved(context: ChannelHandlerContext) { dropHeld() }

    private func refuse(_ reason: BadAnswer, _ context: ChannelHandlerContext) {
        state = .refused
        dropHeld()
        context.fireErrorCaught(reason)
        context.close(promise: nil)
    }

    // MARK: Requests

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        let part = unwrapOutboundIn(data)
        if held != nil {
            held?.append((part, promise))
        } else if case .head = part {
            held = [(part, promise)]
            heldUntil = context.eventLoop.now + Self.patience
        } else {
            send(part, promise, context)
        }
    }

    func flush(context: ChannelHandlerContext) {
        if held != nil, !isReading { sendWhenAllIsRead(context) }
        if held == nil { context.flush() }
    }

    private func sendWhenAllIsRead(_ context: ChannelHandlerContext) {
        unread(context.channel).assumeIsolated().whenComplete { result in
            guard let parts = self.held else { return }
            // What the system does not tell is not waited for.
            if case .success(true) = result, context.eventLoop.now < self.heldUntil {
                return self.lookAgain(context)
            }
            self.held = nil
            for (part, promise) in parts { self.send(part, promise, context) }
            context.flush()
        }
    }

    /// Not every read is told here: what TLS says for itself, such as a session's ticket, ends there.
    private func lookAgain(_ context: ChannelHandlerContext) {
        guard !isToLookAgain else { return }
        isToLookAgain = true
        context.eventLoop.assumeIsolated().scheduleTask(in: .milliseconds(1)) {
            self.isToLookAgain = false
            if self.held != nil, !self.isReading { self.sendWhenAllIsRead(context) }
        }
    }

    private func send(
        _ part: HTTPClientRequestPart, _ promise: EventLoopPromise<Void>?, _ context: ChannelHandlerContext
    ) {
        switch part {
        case .head(var head):
            requests += 1
            if case .refused = state {} else { state = .awaiting(AnswerHead()) }
            head.takeTarget()
            context.write(wrapOutboundOut(.head(head)), promise: promise)
        case .body: context.write(wrapOutboundOut(part), promise: promise)
        case .end:
            let request = requests
            let isSent = promise ?? context.eventLoop.makePromise()
            isSent.futureResult.assumeIsolated().whenSuccess { self.sent = max(self.sent, request) }
            context.write(wrapOutboundOut(part), promise: isSent)
        }
    }

    private func dropHeld() {
        let parts = held ?? []
        held = nil
        for (_, promise) in parts { promise?.fail(ChannelError.ioOnClosedChannel) }
    }

    /// Asks Linux how much memory a socket's receive queue takes: the first number of `SO_MEMINFO` (`sock_diag(7)`,
    /// `SK_MEMINFO_RMEM_ALLOC`). A closed connection that was not read to its end counts, too.
    static func holdsUnread(_ channel: any Channel) -> EventLoopFuture<Bool> {
        #if os(Linux)
            if let socket = channel as? any SocketOptionProvider {
                let queued: EventLoopFuture<UInt32> = socket.unsafeGetSocketOption(
                    level: SocketOptionLevel(SOL_SOCKET), name: 55)
                return queued.map { $0 > 0 }
            }
        #endif
        return channel.eventLoop.makeSucceededFuture(false)
    }
}

/// A connection that had been used before was at its end before an answer began: the other side had closed it while the
/// request was on its way. Whoever may repeat the request does so over another one (RFC 9110, section 9.2.2).
package struct ReusedConnectionEnded: Error, Sendable {}

extension AnswerGuard {
    /// Puts a guard into a connection of AsyncHTTPClient's, which has its parser by then.
    static func install(in channel: any Channel) -> EventLoopFuture<Void> {
        channel.eventLoop.makeCompletedFuture {
            let pipeline = channel.pipeline.syncOperations
            let parser = try pipeline.handler(type: ByteToMessageHandler<HTTPResponseDecoder>.self)
            try pipeline.addHandler(AnswerGuard(), position: .before(parser))
        }
    }
}
