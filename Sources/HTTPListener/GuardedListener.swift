import HTTPTypes
package import Hummingbird
package import HummingbirdCore
import HummingbirdTLS
package import Logging
import NIOCore
import NIOHTTP1
package import NIOSSL

/// A listener for HTTP/1.1 whose clients may be anybody: each of its connections has limits for everything that it may
/// hold and every direction that it may be slow in, and there is a bound on their number.
///
/// All listeners of all services are this one.
package struct GuardedListener: Sendable {
    private let limits: ConnectionLimits
    private let tls: TLSConfiguration?
    private let register: ConnectionRegister
    private let staysOnLoop: Bool
    private let observe: @Sendable (String) -> Void

    /// - Parameters:
    ///   - name: in logs and metrics.
    ///   - tls: `nil` for plain HTTP.
    ///   - staysOnLoop: whether requests are handled on the threads of the event loops; then those that take long are
    ///     to be `HandledApart`.
    ///   - observe: is told the code of each problem that a connection was refused with, and `unread` for each that was
    ///     closed since its answers were not taken.
    package init(
        _ name: String, limits: ConnectionLimits, tls: TLSConfiguration? = nil, staysOnLoop: Bool = false,
        logger: Logger, observe: @escaping @Sendable (String) -> Void = { _ in }
    ) {
        self.limits = limits
        self.staysOnLoop = staysOnLoop
        self.tls = tls
        register = ConnectionRegister(name, limit: limits.connections, logger: logger)
        self.observe = observe
    }

    /// Why nobody is let in, in one line; `nil` when all is well. For a readiness check.
    package var problem: String? { register.problem }

    /// The server that an `Application` runs on.
    /// - Throws: what is wrong with the certificate.
    package func server() throws -> HTTPServerBuilder {
        let plain = HTTPServerBuilder { responder in
            GuardedChannel(
                responder: responder, limits: limits, fields: SecurityFields.all(isTLS: tls != nil),
                register: register, staysOnLoop: staysOnLoop, observe: observe)
        }
        guard let tls else { return plain }
        return try .tls(plain, tlsConfiguration: tls)
    }

    /// The address, the bound on connections, and a backlog that takes a burst of new ones; the kernel cuts it to its
    /// own limit.
    package func configuration(host: String, port: Int) -> ApplicationConfiguration {
        ApplicationConfiguration(
            address: .hostname(host, port: port), serverName: nil, backlog: 4096, reuseAddress: true,
            availableConnectionsDelegate: RegisteredConnections(register: register))
    }
}

/// An HTTP/1.1 connection with a `ConnectionGuard` in its pipeline.
private struct GuardedChannel: ServerChildChannel {
    private let base: HTTP1Channel
    private let limits: ConnectionLimits
    private let fields: HTTPFields
    private let register: ConnectionRegister
    private let staysOnLoop: Bool
    private let observe: @Sendable (String) -> Void

    init(
        responder: @escaping HTTPChannelHandler.Responder, limits: ConnectionLimits, fields: HTTPFields,
        register: ConnectionRegister, staysOnLoop: Bool, observe: @escaping @Sendable (String) -> Void
    ) {
        let decoder = HTTP1Channel.Configuration.DecoderConfiguration(
            maxHeaderFieldSize: limits.headBytes, maxHeaderListSize: limits.headBytes, maxHeaderFieldCount: 100)
        base = HTTP1Channel(
            responder: responder,
            configuration: HTTP1Channel.Configuration(idleTimeout: nil, httpDecoderConfiguration: decoder))
        self.limits = limits
        self.fields = fields
        self.register = register
        self.staysOnLoop = staysOnLoop
        self.observe = observe
    }

    func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<HTTP1Channel.Value> {
        base.setup(channel: channel, logger: logger).flatMapThrowing { value in
            // No more is read while a few requests are ahead of their answers, but what was read at once is decoded at
            // once.
            try channel.syncOptions?.setOption(.maxMessagesPerRead, value: 1)
            try channel.syncOptions?.setOption(
                .recvAllocator, value: FixedSizeRecvByteBufferAllocator(capacity: limits.chunkBytes))
            // Only a channel of a test has no such option.
            if channel is any SocketOptionProvider {
                try channel.syncOptions?.setOption(.socketOption(.so_sndbuf), value: limits.sendBytes)
            }
            try addGuard(to: channel)
            return value
        }
    }

    func handle(value: HTTP1Channel.Value, logger: Logger) async {
        let executor = staysOnLoop ? LoopExecutor(value.channel.eventLoop) : nil
        await withTaskExecutorPreference(executor) { await base.handle(value: value, logger: logger) }
    }

    private func addGuard(to channel: any Channel) throws {
        let pipeline = channel.pipeline.syncOperations
        let guardian = ConnectionGuard(
            limits: limits, fields: fields, register: register, at: channel.eventLoop.now, observe: observe)
        let encoder = try pipeline.handler(type: HTTPResponseEncoder.self)
        let decoder = try pipeline.handler(type: ByteToMessageHandler<HTTPRequestDecoder>.self)
        try pipeline.addHandler(ArrivalWatch(guardian), position: .before(encoder))
        try pipeline.addHandler(guardian, position: .after(decoder))
    }
}
