import NIOCore
import NIOPosix

/// A TCP connection on which a test writes what it wants.
enum RawConnection {
    /// Connects to 127.0.0.1, runs a test, and closes.
    static func with<Result: Sendable>(
        port: Int,
        _ body: @Sendable (NIOAsyncChannelInboundStream<ByteBuffer>.AsyncIterator, Writer) async throws -> Result
    ) async throws -> Result {
        let channel = try await ClientBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .connect(host: "127.0.0.1", port: port) { channel in
                channel.eventLoop.makeCompletedFuture {
                    try NIOAsyncChannel<ByteBuffer, ByteBuffer>(wrappingChannelSynchronously: channel)
                }
            }
        return try await channel.executeThenClose { inbound, outbound in
            try await body(inbound.makeAsyncIterator(), outbound)
        }
    }

    typealias Writer = NIOAsyncChannelOutboundWriter<ByteBuffer>

    /// Sends a text, and reads until the server closes; nothing when it has closed before.
    static func exchange(port: Int, _ text: String) async throws -> String {
        try await with(port: port) { inbound, outbound in
            var inbound = inbound
            do {
                try await outbound.write(ByteBuffer(string: text))
            } catch ChannelError.ioOnClosedChannel {
                return ""
            }
            var answer = ""
            while let bytes = try await inbound.next() { answer += String(buffer: bytes) }
            return answer
        }
    }
}
