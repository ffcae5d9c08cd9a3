import Foundation
import Glibc
import Hummingbird
import Logging
import NIOCore
import ServiceLifecycle
import Terminal

/// The partner's side of the callbacks: a server on a port of its own.
struct CallbackEndpoint: Sendable {
    struct Address: Sendable {
        var host: String
        /// 0 for any that is free.
        var port: Int
        /// What the `Authorization` header must be; `nil` for anything.
        var authorization: String?
        /// By whom callbacks must be signed; `nil` for anybody, or nobody.
        var signatures: CallbackSignatures?
    }

    private let address: Address
    private let group: ServiceGroup
    private let bound: (stream: AsyncStream<Int>, continuation: AsyncStream<Int>.Continuation)

    init(_ address: Address, taker: CallbackTaker) {
        self.address = address
        let bound = AsyncStream<Int>.makeStream(bufferingPolicy: .bufferingNewest(1))
        self.bound = bound
        // The library's own messages are not the command's to show.
        let logger = Logger(label: "callbacks") { _ in SwiftLogNoOpLogHandler() }
        let application = Application(
            responder: taker,
            configuration: .init(address: .hostname(address.host, port: address.port), backlog: 4096),
            onServerRunning: { channel in
                bound.continuation.yield(channel.localAddress?.port ?? 0)
                bound.continuation.finish()
            },
            logger: logger)
        var configuration = ServiceGroupConfiguration(services: [application], logger: logger)
        configuration.maximumGracefulShutdownDuration = .seconds(3)
        group = ServiceGroup(configuration: configuration)
    }

    /// Serves until `stop`.
    /// - Throws: `CommandError` when the port cannot be had.
    func run() async throws {
        // When it ends before it has listened, nobody waits for the port any longer.
        defer { bound.continuation.finish() }
        do {
            try await group.run()
        } catch let error as IOError {
            let reason =
                switch error.errnoCode {
                case EADDRINUSE: "is in use"
                case EACCES: "is not allowed to this user"
                case EADDRNOTAVAIL: "is not an address of this machine"
                default: "cannot be listened on"
                }
            throw CommandError("\(address.host):\(address.port) \(reason): choose another with --callback-port")
        } catch is SocketAddressError {
            throw CommandError("'\(address.host)' is no address: choose another with --callback-host")
        }
    }

    /// The port, once it is listened on; `nil` when it cannot be had. One task may ask.
    func port() async -> Int? {
        for await port in bound.stream { return port }
        return nil
    }

    /// Answers what has come, and closes.
    func stop() async { await group.triggerGracefulShutdown() }
}

/// What the simulated partner must know of a request beside the request itself: the connection that it came by.
struct CallbackContext: RequestContext {
    var coreContext: CoreRequestContextStorage
    let channel: any Channel

    init(source: ApplicationRequestContextSource) {
        coreContext = CoreRequestContextStorage(source: source)
        channel = source.channel
    }

    /// Closes the connection under the request.
    /// - Parameter abruptly: with a reset (RST), whose other side learns of an error; else the connection just ends.
    func hangUp(abruptly: Bool = false) async {
        if abruptly, let socket = channel as? any SocketOptionProvider {
            // A close that lingers for zero seconds is a reset. Where that cannot be set, the connection has ended
            // already.
            try? await socket.setSoLinger(linger(l_onoff: 1, l_linger: 0)).get()
        }
        // Closed already is closed too.
        try? await channel.close().get()
    }
}
