import HTTPTypes
import Hummingbird
import HummingbirdCore
import Logging
import NIOCore
import NIOHTTP1

/// An HTTP/1.1 connection with a `ConnectionGuard` in its pipeline.
struct GuardedChannel: ServerChildChannel {
    private let base: HTTP1Channel
    private let limits: ConnectionLimits
    private let fields: HTTPFields
    private let register: ConnectionRegister
    private let observe: @Sendable (String) -> Void

    /// - Parameters:
    ///   - fields: headers of every answer.
    ///   - observe: is told the code of each problem that a connection was refused with.
    init(
        responder: @escaping HTTPChannelHandler.Responder, limits: ConnectionLimits, fields: HTTPFields,
        register: ConnectionRegister, observe: @escaping @Sendable (String) -> Void
    ) {
        let decoder = HTTP1Channel.Configuration.DecoderConfiguration(
            maxHeaderFieldSize: limits.headBytes, maxHeaderListSize: limits.headBytes, maxHeaderFieldCount: 100)
        base = HTTP1Channel(
            responder: responder,
            configuration: HTTP1Channel.Configuration(idleTimeout: nil, httpDecoderConfiguration: decoder))
        self.limits = limits
        self.fields = fields
        self.register = register
        self.observe = observe
    }

    func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<HTTP1Channel.Value> {
        base.setup(channel: channel, logger: logger).flatMapThrowing { value in
            try addGuard(to: channel)
            return value
        }
    }

    func handle(value: HTTP1Channel.Value, logger: Logger) async { await base.handle(value: value, logger: logger) }

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
