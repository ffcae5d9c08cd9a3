import HTTPTypes
import NIOCore
import NIOHTTP1

/// Keeps a connection to its limits, and answers what is no request with problem details instead of a bare status.
///
/// Stands right behind the decoder, so that it sees the parts of requests and answers and the decoder's errors. It writes
/// an answer of its own only when no request handler has begun one; from then on it drops what comes from either side.
final class ConnectionGuard: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias InboundOut = HTTPServerRequestPart
    typealias OutboundIn = HTTPServerResponsePart
    typealias OutboundOut = HTTPServerResponsePart

    /// Which way is still open.
    private enum State {
        case open
        /// No more is read. The problem is answered when the answers before it are written.
        case refusing(Problem)
        /// The last answer is written.
        case refused
    }

    private let limits: ConnectionLimits
    private let fields: HTTPFields
    private let register: ConnectionRegister
    /// Is told the code of each problem that it answers with.
    private let observe: @Sendable (String) -> Void
    private var pace: ConnectionPace
    private var state = State.open
    private var hasDecoded = false
    private var context: ChannelHandlerContext?
    /// Runs out no later than the pace's deadline. It is left alone when the deadline moves on: a timer for each request
    /// would cost more than one that looks again now and then.
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
        register.waits(context.channel)
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
        guard let context, case .open = state else { return }
        if !hasDecoded {
            pace.arrived(count, at: context.eventLoop.now)
            if pace.isHeadTooLarge { return refuse(.headTooLarge(limit: limits.headBytes), context) }
        }
        plan(context)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard case .open = state else { return }
        hasDecoded = true
        switch unwrapInboundIn(data) {
        case .head(let head):
            register.works(context.channel)
            pace.readHead(at: context.eventLoop.now)
            // The decoder counts the headers alone.
            if head.uri.utf8.count > limits.headBytes {
                return refuse(.headTooLarge(limit: limits.headBytes), context)
            }
        case .body(let bytes):
            pace.readBody(bytes.readableBytes)
            if pace.isRestTooLarge { return context.close(promise: nil) }
        case .end:
            pace.readEnd(at: context.eventLoop.now)
            if pace.isWaiting { register.waits(context.channel) }
        }
        context.fireChannelRead(data)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        // The decoder complains of everything that comes after what it could not read.
        guard case .open = state else { return }
        switch error {
        case HTTPParserError.headerOverflow: refuse(.headTooLarge(limit: limits.headBytes), context)
        case is HTTPParserError: refuse(.malformedHTTP, context)
        default: context.fireErrorCaught(error)
        }
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        switch event {
        case is MakeRoom: if pace.isWaiting { context.close(promise: nil) }
        default: context.fireUserInboundEventTriggered(event)
        }
    }

    // MARK: Out

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        if case .refused = state {
            promise?.fail(ChannelError.ioOnClosedChannel)
            return
        }
        switch unwrapOutboundIn(data) {
        case .head(let head):
            if head.status.code >= 200 { pace.beganAnswer() }
            context.write(data, promise: promise)
        case .body: context.write(data, promise: promise)
        case .end:
            pace.answered(at: context.eventLoop.now)
            context.write(data, promise: promise)
            endAnswer(context)
        }
    }

    private func endAnswer(_ context: ChannelHandlerContext) {
        if case .refusing(let problem) = state { return answer(problem, context) }
        if pace.isWaiting { register.waits(context.channel) }
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
        guard let context, case .open = state else { return }
        switch pace.lapse(at: context.eventLoop.now) {
        case nil: plan(context)
        case .idle, .slowRest: context.close(promise: nil)
        case .slow: refuse(.tooSlow, context)
        }
    }

    private func refuse(_ problem: Problem, _ context: ChannelHandlerContext) {
        guard case .open = state else { return }
        state = .refusing(problem)
        register.works(context.channel)
        answer(problem, context)
    }

    /// Writes the last answer when it is its turn. The connection stays half open for a moment: a client that is cut off
    /// while it still sends would not see why.
    private func answer(_ problem: Problem, _ context: ChannelHandlerContext) {
        guard pace.mayAnswer else { return }
        state = .refused
        observe(problem.code)
        guard let body = try? problem.document() else {
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
        context.close(mode: .output, promise: nil)
        timer?.task.cancel()
        let task = context.eventLoop.assumeIsolated().scheduleTask(in: limits.lingerTime) { () -> Void in
            self.context?.close(promise: nil)
        }
        timer = (.distantFuture, task)
    }
}
