import Foundation
import NIOCore
import NIOPosix
import Synchronization

/// A server on the loopback that answers as a `HostileAnswer` says until it is reformed, and well from then on.
package final class HostilePeer: Sendable {
    private struct State {
        var port = 0
        var answer: HostileAnswer?
        var requests = 0
        var connections: [any Channel] = []
    }

    private let state: Mutex<State>
    fileprivate let good: [UInt8]

    package var url: String { "http://127.0.0.1:\(port)" }
    package var port: Int { state.withLock { $0.port } }
    /// How many requests have come.
    package var requests: Int { state.withLock { $0.requests } }

    /// Serves while `body` runs.
    /// - Parameter good: the body of a good answer.
    package static func serving<Result: Sendable>(
        _ answer: HostileAnswer, good: String, _ body: (HostilePeer) async throws -> Result
    ) async throws -> Result {
        let peer = HostilePeer(answer, good)
        let server = try await ServerBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .childChannelOption(.allowRemoteHalfClosure, value: true)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    peer.state.withLock { $0.connections.append(channel) }
                    try channel.pipeline.syncOperations.addHandler(Connection(peer))
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        peer.state.withLock { $0.port = server.localAddress?.port ?? 0 }
        do {
            let result = try await body(peer)
            await peer.stop(server)
            return result
        } catch {
            await peer.stop(server)
            throw error
        }
    }

    private init(_ answer: HostileAnswer, _ good: String) {
        state = Mutex(State(answer: answer))
        self.good = Array("HTTP/1.1 200 OK\r\nContent-Length: \(good.utf8.count)\r\n\r\n\(good)".utf8)
    }

    /// Every request from now on is answered well, on connections that are open, too.
    package func reform() { state.withLock { $0.answer = nil } }

    /// - Returns: `nil` when it has been reformed.
    fileprivate func takeRequest() -> HostileAnswer? {
        state.withLock { state in
            state.requests += 1
            return state.answer
        }
    }

    fileprivate var answer: HostileAnswer? { state.withLock { $0.answer } }

    private func stop(_ server: any Channel) async {
        // What is closed already needs no closing.
        try? await server.close()
        for connection in state.withLock({ $0.connections }) { try? await connection.close() }
    }
}

/// One connection of a client.
private final class Connection: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let peer: HostilePeer
    private var request: [UInt8] = []
    /// What is sent for as long as it is taken.
    private var endless: [UInt8] = []

    init(_ peer: HostilePeer) { self.peer = peer }

    func channelActive(context: ChannelHandlerContext) {
        if let early = peer.answer?.early, !early.isEmpty { send(early, context) }
        context.fireChannelActive()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        request.append(contentsOf: unwrapInboundIn(data).readableBytesView)
        while takeRequest() { answer(context) }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case ChannelEvent.inputClosed? = event as? ChannelEvent { context.close(promise: nil) }
    }

    /// Takes a whole request off what has come, if there is one.
    private func takeRequest() -> Bool {
        let text = String(decoding: request, as: UTF8.self)
        guard let head = text.firstRange(of: "\r\n\r\n") else { return false }
        let length =
            text[..<head.lowerBound].split(separator: "\r\n").compactMap { line -> Int? in
                let parts = line.split(separator: ":", maxSplits: 1)
                guard parts.count == 2, parts[0].lowercased() == "content-length" else { return nil }
                return Int(parts[1].filter { $0 != " " })
            }.first ?? 0
        let whole = text[..<head.upperBound].utf8.count + length
        guard request.count >= whole else { return false }
        request.removeFirst(whole)
        return true
    }

    private func answer(_ context: ChannelHandlerContext) {
        guard let hostile = peer.takeRequest() else { return send(peer.good, context) }
        send(hostile.answer, context)
        switch hostile.ending {
        case .keepOpen:
            endless = hostile.endless
            sendOn(context)
        // What was sent before arrives first.
        case .close: context.close(mode: .output, promise: nil)
        case .reset:
            let socket = context.channel as? any SocketOptionProvider
            let set = socket?.setSoLinger(linger(l_onoff: 1, l_linger: 0))
            let bound = NIOLoopBound(context, eventLoop: context.eventLoop)
            set?.whenComplete { _ in bound.value.close(promise: nil) }
        }
    }

    /// Goes on as fast as it is taken, but lets others have their turn on this thread.
    private func sendOn(_ context: ChannelHandlerContext) {
        guard !endless.isEmpty, context.channel.isActive else { return }
        let taken = context.eventLoop.makePromise(of: Void.self)
        taken.futureResult.assumeIsolated().whenSuccess {
            context.eventLoop.assumeIsolated().scheduleTask(in: .milliseconds(1)) { self.sendOn(context) }
        }
        context.writeAndFlush(wrapOutboundOut(ByteBuffer(bytes: endless)), promise: taken)
    }

    private func send(_ bytes: [UInt8], _ context: ChannelHandlerContext) {
        context.writeAndFlush(wrapOutboundOut(ByteBuffer(bytes: bytes)), promise: nil)
    }
}
