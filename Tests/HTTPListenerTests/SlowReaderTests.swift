import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdCore
import Logging
import NIOCore
import NIOPosix
import NIOSSL
import NIOTLS
import Synchronization
import TestSupport
import Testing

@testable import HTTPListener

/// Clients that ask and do not read, over real sockets.
///
/// Slow readers.
@Suite(.serialized, .timeLimit(.minutes(1)))
struct SlowReaderTests {
    private static let document = String(repeating: "x", count: 200_000)

    /// 64 of them on a listener of 64, each with a thousand requests ahead: nobody else is let in until they are cut
    /// off, which the listener says; then everybody is.
    @Test(arguments: [false, true])
    func aCrowdThatNeverReadsIsCutOff(_ isTLS: Bool) async throws {
        var limits = ConnectionLimits()
        limits.connections = 64
        limits.writeTime = .milliseconds(500)
        let codes = Mutex<[String]>([])
        let tls = isTLS ? try await Self.certificate() : nil
        let listener = GuardedListener("test", limits: limits, tls: tls, logger: Logger(label: "test")) { code in
            codes.withLock { $0.append(code) }
        }
        try await Self.serve(listener) { port in
            let requests = String(repeating: "GET /document HTTP/1.1\r\nHost: a\r\n\r\n", count: 1000)
            var crowd: [any Channel] = []
            for _ in 0..<64 {
                if isTLS {
                    crowd.append(try await Self.connectOverTLS(port, requests))
                } else {
                    let channel = try await Self.connect(port, reads: false)
                    crowd.append(channel)
                    // What the other side does not take stays in our own buffer.
                    channel.writeAndFlush(ByteBuffer(string: requests), promise: nil)
                }
            }
            let honest = try await Self.get("/small", port, isTLS: isTLS)
            #expect(honest.hasPrefix("HTTP/1.1 200 "))
            for channel in crowd { try await channel.closeFuture.get() }
            // One that had asked for nothing yet when the honest one came has made room instead.
            let cut = codes.withLock { $0 }
            #expect(Set(cut) == ["unread"])
            #expect(cut.count >= 60)
            #expect(try await Self.get("/document", port, isTLS: isTLS).hasSuffix("xxx"))
            #expect(listener.problem == nil)
        }
    }

    /// All places but one are held: the last one is there for everybody else, one after the other.
    @Test func theLastPlaceServesEverybodyElse() async throws {
        var limits = ConnectionLimits()
        limits.connections = 4
        limits.writeTime = .seconds(600)
        let listener = GuardedListener("test", limits: limits, logger: Logger(label: "test"))
        try await Self.serve(listener) { port in
            let requests = String(repeating: "GET /document HTTP/1.1\r\nHost: a\r\n\r\n", count: 1000)
            var crowd: [any Channel] = []
            for _ in 0..<3 {
                let channel = try await Self.connect(port, reads: false)
                channel.writeAndFlush(ByteBuffer(string: requests), promise: nil)
                crowd.append(channel)
            }
            for _ in 0..<20 {
                let answer = try await Self.get("/small", port)
                #expect(answer.hasPrefix("HTTP/1.1 200 ") && answer.hasSuffix("small"))
                // Who would stay has his answer before he makes room for the next.
                let stayed = try await Self.get("/small", port, isLast: false)
                #expect(stayed.hasPrefix("HTTP/1.1 200 ") && stayed.hasSuffix("small"))
            }
            for channel in crowd { try await channel.close() }
        }
    }

    /// As long as they hold their places, the listener says why nobody is let in.
    @Test func aFullListenerSaysSo() async throws {
        var limits = ConnectionLimits()
        limits.connections = 2
        limits.writeTime = .seconds(600)
        let said = AsyncStream<String>.makeStream()
        let listener = GuardedListener(
            "test", limits: limits, logger: Logger(label: "test") { _ in Heard { said.continuation.yield($0) } })
        try await Self.serve(listener) { port in
            let requests = String(repeating: "GET /document HTTP/1.1\r\nHost: a\r\n\r\n", count: 1000)
            var crowd: [any Channel] = []
            for _ in 0..<2 {
                let channel = try await Self.connect(port, reads: false)
                crowd.append(channel)
                channel.writeAndFlush(ByteBuffer(string: requests), promise: nil)
            }
            // The one that waits is noticed when it comes.
            async let honest = Self.get("/small", port)
            for await message in said.stream {
                #expect(message == "A listener takes no more connections: all that may be open are at work.")
                break
            }
            #expect(listener.problem == "takes no connections: all 2 that may be open are at work")
            for channel in crowd { try await channel.close() }
            #expect(try await honest.hasPrefix("HTTP/1.1 200 "))
            // The listener learns a moment later that they have gone.
            try await eventually("there is room again") { listener.problem == nil }
        }
    }

    /// No more answers are made for one who does not read than a few buffers hold.
    @Test func nobodyIsServedWhoDoesNotRead() async throws {
        var limits = ConnectionLimits()
        limits.writeTime = .milliseconds(700)
        let codes = AsyncStream<String>.makeStream()
        let listener = GuardedListener("test", limits: limits, logger: Logger(label: "test")) { code in
            codes.continuation.yield(code)
        }
        let made = Atomic(0)
        let router = Router()
        let page = String(repeating: "x", count: 15_000)
        router.get("page") { _, _ in
            made.add(1, ordering: .relaxed)
            return page
        }
        try await serving(router, behind: listener) { port in
            let channel = try await Self.connect(port, reads: false, buffer: 4096)
            let requests = String(repeating: "GET /page HTTP/1.1\r\nHost: a\r\n\r\n", count: 300)
            channel.writeAndFlush(ByteBuffer(string: requests), promise: nil)
            for await code in codes.stream {
                #expect(code == "unread")
                break
            }
            channel.close(promise: nil)
        }
        // By itself the kernel takes nearly all of them.
        #expect((1...150).contains(made.load(ordering: .relaxed)), "\(made.load(ordering: .relaxed))")
    }

    /// Many more of them than there may be connections: each makes room for the next, and for whoever asks.
    @Test func headsThatNeverEndMakeRoom() async throws {
        var limits = ConnectionLimits()
        limits.connections = 16
        limits.arrivalTime = .milliseconds(50)
        let listener = GuardedListener("test", limits: limits, logger: Logger(label: "test"))
        try await Self.serve(listener) { port in
            var crowd: [any Channel] = []
            for _ in 0..<100 {
                let channel = try await Self.connect(port, reads: true)
                try await channel.writeAndFlush(ByteBuffer(string: "GET /small HTTP/1.1\r\nHost: a\r\nX-"))
                crowd.append(channel)
            }
            #expect(try await Self.get("/small", port).hasPrefix("HTTP/1.1 200 "))
            for channel in crowd.prefix(80) { try await channel.closeFuture.get() }
            for channel in crowd.suffix(20) where channel.isActive { try await channel.close() }
        }
    }

    /// A byte now and then is no progress.
    @Test func whoTakesAFewBytesIsCutOffAsWell() async throws {
        var limits = ConnectionLimits()
        limits.writeTime = .milliseconds(300)
        limits.writeRate = 1_000_000
        let codes = AsyncStream<String>.makeStream()
        let listener = GuardedListener("test", limits: limits, logger: Logger(label: "test")) { code in
            codes.continuation.yield(code)
        }
        try await Self.serve(listener) { port in
            let channel = try await Self.connect(port, reads: false, buffer: 1)
            let requests = String(repeating: "GET /document HTTP/1.1\r\nHost: a\r\n\r\n", count: 100)
            try await channel.writeAndFlush(ByteBuffer(string: requests))
            let drip = channel.eventLoop.scheduleRepeatedTask(initialDelay: .zero, delay: .milliseconds(20)) { _ in
                channel.read()
            }
            for await code in codes.stream {
                #expect(code == "unread")
                break
            }
            drip.cancel()
            // It was reset, which the client may have seen already.
            channel.close(promise: nil)
        }
    }

    /// Who reads at his own pace, but reads, gets all of it: many times what fits in the buffers on the way.
    @Test func whoReadsSlowlyGetsEverything() async throws {
        var limits = ConnectionLimits()
        limits.writeTime = .milliseconds(200)
        limits.idleTime = .seconds(60)
        let listener = GuardedListener("test", limits: limits, logger: Logger(label: "test"))
        try await Self.serve(listener) { port in
            let received = AsyncStream<Int>.makeStream()
            let channel = try await Self.connect(port, reads: false, buffer: 65_536) { count in
                received.continuation.yield(count)
            }
            channel.closeFuture.whenComplete { _ in received.continuation.finish() }
            let requests = String(repeating: "GET /document HTTP/1.1\r\nHost: a\r\n\r\n", count: 100)
            channel.writeAndFlush(ByteBuffer(string: requests), promise: nil)
            let steady = channel.eventLoop.scheduleRepeatedTask(initialDelay: .zero, delay: .milliseconds(2)) { _ in
                channel.read()
            }
            var sum = 0
            for await count in received.stream {
                sum += count
                if sum >= 100 * Self.document.utf8.count { break }
            }
            steady.cancel()
            #expect(sum >= 100 * Self.document.utf8.count)
            try await channel.close()
        }
    }

    // MARK: Ends

    private static func serve(
        _ listener: GuardedListener, _ body: @escaping @Sendable (_ port: Int) async throws -> Void
    ) async throws {
        let router = Router()
        router.get("document") { _, _ in document }
        router.get("small") { _, _ in "small" }
        try await serving(router, behind: listener, body)
    }

    /// - Parameter reads: whether what comes is read by itself; else only when the test says so.
    private static func connect(
        _ port: Int, reads: Bool, buffer: Int = 2048, received: @escaping @Sendable (Int) -> Void = { _ in }
    ) async throws -> any Channel {
        try await ClientBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .channelOption(.autoRead, value: reads)
            .channelOption(.socketOption(.so_rcvbuf), value: 4096)
            .channelOption(.maxMessagesPerRead, value: 1)
            .channelOption(.recvAllocator, value: FixedSizeRecvByteBufferAllocator(capacity: buffer))
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(Counting(received: received))
                }
            }
            .connect(host: "127.0.0.1", port: port).get()
    }

    /// A certificate for 127.0.0.1.
    private static func certificate() async throws -> TLSConfiguration {
        let directory = try TestDirectory.make("listener-tls")
        let maker = try ChildProcess(
            name: "certificates", command: [Repository.path("deploy/certificates"), directory],
            logPath: "\(directory)/certificates.log")
        #expect(try await maker.end(within: .seconds(30)) == .exited(0))
        return .makeServerConfiguration(
            certificateChain: try NIOSSLCertificate.fromPEMFile("\(directory)/server.pem").map { .certificate($0) },
            privateKey: .privateKey(try NIOSSLPrivateKey(file: "\(directory)/server-key.pem", format: .pem)))
    }

    private static func tlsHandler() throws -> NIOSSLClientHandler {
        var configuration = TLSConfiguration.makeClientConfiguration()
        configuration.certificateVerification = .none
        return try NIOSSLClientHandler(context: NIOSSLContext(configuration: configuration), serverHostname: nil)
    }

    /// Reads until the connection is secured, then sends, and reads no more.
    private static func connectOverTLS(_ port: Int, _ text: String) async throws -> any Channel {
        try await ClientBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .channelOption(.socketOption(.so_rcvbuf), value: 4096)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandlers([try tlsHandler(), Turning(text)])
                }
            }
            .connect(host: "127.0.0.1", port: port).get()
    }

    private static func get(
        _ path: String, _ port: Int, isTLS: Bool = false, isLast: Bool = true
    ) async throws -> String {
        let text = Mutex("")
        let channel = try await ClientBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    if isTLS { try channel.pipeline.syncOperations.addHandler(try tlsHandler()) }
                    try channel.pipeline.syncOperations.addHandler(
                        Collecting { piece in text.withLock { $0 += piece } })
                }
            }
            .connect(host: "127.0.0.1", port: port).get()
        try await channel.writeAndFlush(
            ByteBuffer(string: "GET \(path) HTTP/1.1\r\nHost: a\r\n\(isLast ? "Connection: close\r\n" : "")\r\n"))
        try await channel.closeFuture.get()
        return text.withLock { $0 }
    }
}

private final class Counting: ChannelInboundHandler, Sendable {
    typealias InboundIn = ByteBuffer
    private let received: @Sendable (Int) -> Void

    init(received: @escaping @Sendable (Int) -> Void) { self.received = received }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) { received(unwrapInboundIn(data).readableBytes) }
}

/// Sends when the connection is secured, and reads no more from then on.
private final class Turning: ChannelInboundHandler, Sendable {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer
    private let text: String

    init(_ text: String) { self.text = text }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        guard case TLSUserEvent.handshakeCompleted? = event as? TLSUserEvent else { return }
        do {
            try context.channel.syncOptions?.setOption(.autoRead, value: false)
            context.writeAndFlush(wrapOutboundOut(ByteBuffer(string: text)), promise: nil)
        } catch {
            Issue.record(error)
        }
    }
}

private final class Collecting: ChannelInboundHandler, Sendable {
    typealias InboundIn = ByteBuffer
    private let received: @Sendable (String) -> Void

    init(received: @escaping @Sendable (String) -> Void) { self.received = received }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) { received(String(buffer: unwrapInboundIn(data))) }
}

/// A log whose messages are passed on.
private struct Heard: LogHandler {
    var metadata: Logger.Metadata = [:]
    var logLevel = Logger.Level.info
    var hear: @Sendable (String) -> Void

    init(hear: @escaping @Sendable (String) -> Void) { self.hear = hear }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) { hear("\(event.message)") }
}
