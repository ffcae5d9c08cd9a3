import NIOCore
import NIOPosix
package import NIOSSL

/// A server on the loopback that does with each connection what a test says.
package struct TestServer: Sendable {
    package let port: Int

    package var url: String { "http://127.0.0.1:\(port)" }

    /// Serves while `body` runs. Each connection gets its own `behaviour`; when that returns, the connection is closed.
    /// - Parameter tls: makes it speak TLS.
    package static func serving(
        tls: NIOSSLContext? = nil,
        _ behaviour: @escaping @Sendable (TestConnection) async throws -> Void,
        _ body: @escaping @Sendable (TestServer) async throws -> Void
    ) async throws {
        // Nothing is read, and nothing has to be finished, before somebody serves the connection: a test may end
        // before.
        let server = try await ServerBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .childChannelOption(.autoRead, value: false)
            .bind(host: "127.0.0.1", port: 0) { channel in
                channel.eventLoop.makeCompletedFuture {
                    if let tls { try channel.pipeline.syncOperations.addHandler(NIOSSLServerHandler(context: tls)) }
                    return channel
                }
            }
        let peer = TestServer(port: server.channel.localAddress?.port ?? 0)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                try await server.executeThenClose { inbound in
                    // Ends by cancellation, when the body is done.
                    try await withThrowingDiscardingTaskGroup { connections in
                        for try await channel in inbound {
                            connections.addTask { await TestConnection.serve(channel, behaviour) }
                        }
                    }
                }
            }
            group.addTask {
                try await body(peer)
                throw Done()
            }
            do {
                while try await group.next() != nil {}
            } catch is Done {
                group.cancelAll()
            }
        }
    }

    private struct Done: Error {}
}
