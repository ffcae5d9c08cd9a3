import Glibc
import HTTPTypes
import NIOCore
import NIOHTTP1
import NIOSSL

/// Keeps a connection to its limits, and answers what is no request with problem details instead of a bare status.
///
/// Stands right behind the decoder, so that it sees the parts of requests and answers and the decoder's errors. It
/// writes an answer of its own only when no request handler has begun one; from then on it drops what comes from either
/// side.
final class ConnectionGuard: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias InboundOut = HTTPServerRequestPart
    typealias OutboundIn = HTTPServerResponsePart
    typealias OutboundOut = HTTPServerResponsePart

    /// Which way is still open.
    private enum State {
        case open
        /// The request that is being read or answered is the last; what comes behind it is dropped.
        case last
        /// No more is read. The problem is answered when the answers before it are written.
        case refusing(Problem)
        /// The last answer is written.
        case over
    }

    private let limits: ConnectionLimits
    private let fields: HTTPFields
    private let register: ConnectionRegister
    /// Is told the code of each problem that it answers with, and `unread` for a client that does not take its answers.
    private let observe: @Sendable (String) -> Void
    private var pace: ConnectionPace
    private var state = State.open
    /// Of the requests without the end of their answer, the oldest first: some may be ahead of their answers.
    private var heads = CircularBuffer<RequestHead>()
    /// Of the newest request.
    private var isContinueOwed = false
    private var hasDecoded = false
    private var context: ChannelHandlerContext?
    /// Runs out no later than the pace's deadline. It is left alone when the deadline moves on: a timer for each
    /// request would cost more than one that looks again now and then.
    private var timer: (deadline: NIODeadline, task: Scheduled<Void>)?

    /// - Parameter fields: headers of every answer.
    init(
        limits: ConnectionLimits, fields: HTTPFields, register: ConnectionRegister, at now: NIODeadline,
        observe: @escaping @Sendable (String) -> Void
    ) {
        self.limits = limits
        self.fields = fields
        self.register = register
        self.observe = observe
        pace = ConnectionPace(limits: limits, at: now)
    }

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        register.arrives(context.channel)
        context.eventLoop.assumeIsolated().scheduleTask(in: limits.arrivalTime) { () -> Void in
            if let context = self.context { self.register.settles(context.channel) }
        }
        plan(context)
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        register.works(context.channel)
        timer?.task.cancel()
        self.context = nil
    }

    // MARK: In

    func bytesWillBeDecoded() { hasDecoded = false }

    func bytesWereDecoded(_ count: Int) {
        guard let context else { return }
        switch state {
        case .open where !hasDecoded:
            pace.arrived(count, at: context.eventLoop.now)
            if pace.isHeadTooLarge { return refuse(.headTooLarge(limit: limits.headBytes), context) }
        case .open, .last: break
        case .refusing, .over: return
        }
        payContinue(context)
        plan(context)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch state {
        case .open: break
        // The rest of the last request is still read.
        case .last: if case .head = unwrapInboundIn(data) { return pace.stopsReading() }
        case .refusing, .over: return
        }
        hasDecoded = true
        switch unwrapInboundIn(data) {
        case .head(let head): return readHead(head, context)
        case .body(let bytes):
            isContinueOwed = false
            pace.readBody(bytes.readableBytes)
            if pace.isRestTooLarge { return context.close(promise: nil) }
        case .end:
            isContinueOwed = false
            pace.readEnd(at: context.eventLoop.now)
            if pace.isWaiting { register.waits(context.channel) }
        }
        context.fireChannelRead(data)
    }

    private func readHead(_ head: HTTPRequestHead, _ context: ChannelHandlerContext) {
        register.works(context.channel)
        pace.readHead(at: context.eventLoop.now)
        // The decoder counts the headers alone.
        if head.uri.utf8.count > limits.headBytes { return refuse(.headTooLarge(limit: limits.headBytes), context) }
        let facts = RequestHead(head, bodyLimit: limits.bodyBytes)
        if let problem = Self.problem(of: facts) { return refuse(problem, context) }
        heads.append(facts)
        isContinueOwed = facts.expectsContinue
        var head = head
        if facts.isLast {
            state = .last
            // The one form in which the server behind this understands it.
            head.headers.replaceOrAdd(name: "connection", value: "close")
        }
        context.fireChannelRead(wrapInboundOut(.head(head)))
    }

    /// What is wrong with a head that the decoder takes; the connection ends with it.
    private static func problem(of facts: RequestHead) -> Problem? {
        guard facts.namesItsHost else {
            return .malformedHTTP("The request must name its host in one Host header, as a name or an address.")
        }
        guard facts.isPlain else { return .malformedHTTP("The target, or a long header, is not ASCII.") }
        switch facts.transferCoding {
        case .none, .chunked: return nil
        case .others: return .transferCoding
        case .faulty:
            return .malformedHTTP("Transfer-Encoding must be chunked, once and alone, or be left out.")
        }
    }

    /// Tells a client to go on that holds its body back, once it is its turn and unless its answer has begun.
    private func payContinue(_ context: ChannelHandlerContext) {
        guard isContinueOwed, pace.isBodyAwaited else { return }
        isContinueOwed = false
        context.writeAndFlush(
            wrapOutboundOut(.head(HTTPResponseHead(version: .http1_1, status: .continue))), promise: nil)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        switch state {
        case .open: break
        // What is behind the last request is no matter.
        case .last: guard pace.isReadingBody else { return }
        // The decoder complains of everything that comes after what it could not read.
        case .refusing, .over: return
        }
        switch error {
        case HTTPParserError.headerOverflow: refuse(.headTooLarge(limit: limits.headBytes), context)
        case is HTTPParserError: refuse(.malformedHTTP, context)
        default: context.fireErrorCaught(error)
        }
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        switch event {
        case is MakeRoom:
            guard pace.isWaiting else { return }
            // The part of a head that may have come is nobody's mistake.
            state = .over
            context.close(promise: nil)
        default: context.fireUserInboundEventTriggered(event)
        }
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        if context.channel.isWritable {
            pace.flows()
            if pace.isWaiting { register.waits(context.channel) }
        } else {
            register.works(context.channel)
            pace.stalls(taken: taken(context), at: context.eventLoop.now)
        }
        plan(context)
        context.fireChannelWritabilityChanged()
    }

    // MARK: Out

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        if case .over = state {
            promise?.fail(ChannelError.ioOnClosedChannel)
            return
        }
        switch unwrapOutboundIn(data) {
        case .head(let head):
            guard head.status.code >= 200 else { return context.write(data, promise: promise) }
            pace.beganAnswer()
            context.write(wrapOutboundOut(.head(told(head))), promise: promise)
        case .body: context.write(data, promise: promise)
        case .end:
            pace.answered(at: context.eventLoop.now)
            context.write(data, promise: promise)
            endAnswer(context)
        }
    }

    /// The head of an answer that says whether the connection stays, where the client would think otherwise.
    private func told(_ head: HTTPResponseHead) -> HTTPResponseHead {
        guard let request = heads.first else { return head }
        var head = head
        if request.isOld, !head.headers.contains(name: "content-length"), head.status.mayHaveResponseBody {
            // Without chunks the end of the body is that of the connection.
            head.version = .http1_0
            heads[heads.startIndex].isLast = true
            if case .open = state { state = .last }
        }
        if heads[heads.startIndex].isLast {
            head.headers.replaceOrAdd(name: "connection", value: "close")
        } else if request.isOld {
            head.headers.replaceOrAdd(name: "connection", value: "keep-alive")
        }
        return head
    }

    private func endAnswer(_ context: ChannelHandlerContext) {
        // What is behind the last request is dropped, even if it was read before that was known.
        if heads.popFirst()?.isLast == true { return end(context) }
        if case .refusing(let problem) = state { return answer(problem, context) }
        payContinue(context)
        if pace.isWaiting {
            // Where others are kept out it is closed at once, and its answer must be gone by then.
            context.flush()
            register.waits(context.channel)
        }
        plan(context)
    }

    // MARK: Limits

    private func plan(_ context: ChannelHandlerContext) {
        guard let deadline = pace.deadline else { return }
        if let timer {
            if timer.deadline <= deadline { return }
            timer.task.cancel()
        }
        let task = context.eventLoop.assumeIsolated().scheduleTask(deadline: deadline) { self.lookAtTheClock() }
        timer = (deadline, task)
    }

    private func lookAtTheClock() {
        timer = nil
        guard let context else { return }
        if case .over = state { return }
        switch pace.lapse(at: context.eventLoop.now, taken: taken(context)) {
        case nil: plan(context)
        case .idle, .slowRest: context.close(promise: nil)
        case .unread:
            observe("unread")
            cut(context)
        case .slow: refuse(.tooSlow, context)
        }
    }

    /// Bytes that the client's side has acknowledged. What waits in our own buffers says less: the system takes
    /// megabytes for a client before it stops, and then for a while nothing, though the client reads on.
    private func taken(_ context: ChannelHandlerContext) -> Int {
        // The beginning of `struct tcp_info` (tcp(7), linux/tcp.h), whose sixteenth eight bytes are `tcpi_bytes_acked`.
        typealias TCPInfo = (
            UInt64, UInt64, UInt64, UInt64, UInt64, UInt64, UInt64, UInt64, UInt64, UInt64, UInt64, UInt64, UInt64,
            UInt64, UInt64, UInt64
        )
        guard let socket = context.channel as? any SocketOptionProvider else { return 0 }
        var taken = 0
        let info: EventLoopFuture<TCPInfo> = socket.unsafeGetSocketOption(
            level: SocketOptionLevel(IPPROTO_TCP), name: SocketOptionName(TCP_INFO))
        // On the connection's loop it is there at once. It fails for a channel that is closed, at its end anyway.
        info.assumeIsolated().whenSuccess { taken = Int(truncatingIfNeeded: $0.15) }
        return taken
    }

    private func refuse(_ problem: Problem, _ context: ChannelHandlerContext) {
        switch state {
        case .open, .last: break
        case .refusing, .over: return
        }
        register.works(context.channel)
        pace.stopsReading()
        guard !pace.isAnswerOfBodyBegun else {
            // It has its answer: a second one would be taken for that to another request.
            state = .last
            guard !heads.isEmpty else { return end(context) }
            heads[heads.startIndex].isLast = true
            return plan(context)
        }
        state = .refusing(problem)
        answer(problem, context)
    }

    /// Writes the last answer when it is its turn.
    private func answer(_ problem: Problem, _ context: ChannelHandlerContext) {
        // What is written until then has its time as ever.
        guard pace.mayAnswer else { return plan(context) }
        observe(problem.code)
        let body: [UInt8]
        do { body = try problem.document() } catch {
            // Cannot be: the document holds no number that is not finite.
            return context.close(promise: nil)
        }
        var headers = HTTPHeaders([
            ("content-type", Problem.contentType), ("content-length", String(body.count)), ("connection", "close"),
        ])
        for field in fields { headers.add(name: field.name.rawName, value: field.value) }
        let head = HTTPResponseHead(
            version: .http1_1, status: HTTPResponseStatus(statusCode: problem.status.code), headers: headers)
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        context.write(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(bytes: body)))), promise: nil)
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
        end(context)
    }

    /// Resets the connection: what waits to be written, in the kernel too, is given up. A close would leave it there
    /// until the client takes it. Nor is there a farewell of TLS, which would be waited for.
    private func cut(_ context: ChannelHandlerContext) {
        state = .over
        // Takes effect at once on the channel's own event loop. Only a channel of a test has no such option.
        _ = (context.channel as? any SocketOptionProvider)?.setSoLinger(linger(l_onoff: 1, l_linger: 0))
        do {
            try context.pipeline.syncOperations.context(handlerType: NIOSSLServerHandler.self).close(promise: nil)
        } catch {
            // Plain HTTP.
            context.close(promise: nil)
        }
    }

    /// Nothing more is said. The connection stays half open for a moment: a client that is cut off while it still sends
    /// would not see the answer.
    private func end(_ context: ChannelHandlerContext) {
        state = .over
        context.flush()
        context.close(mode: .output, promise: nil)
        timer?.task.cancel()
        let task = context.eventLoop.assumeIsolated().scheduleTask(in: limits.lingerTime) { () -> Void in
            self.context?.close(promise: nil)
        }
        timer = (.distantFuture, task)
    }
}

/// Tells the guard of bytes that were no whole head yet: the decoder keeps them to itself. Stands before the decoder.
final class ArrivalWatch: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer

    private let owner: ConnectionGuard

    init(_ owner: ConnectionGuard) { self.owner = owner }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let count = unwrapInboundIn(data).readableBytes
        owner.bytesWillBeDecoded()
        // Decoded before this returns.
        context.fireChannelRead(data)
        owner.bytesWereDecoded(count)
    }
}
