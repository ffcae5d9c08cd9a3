import Foundation
package import NIOCore

/// One connection that a test's server has taken.
package actor TestConnection {
    /// A request as it came over the wire.
    package struct Request: Sendable, Equatable {
        package var line: String
        /// By lower-case name.
        package var headers: [String: String]
        package var body: String
    }

    private let channel: any Channel
    private var received: AsyncThrowingStream<ByteBuffer, any Error>.Iterator
    private let outbound: NIOAsyncChannelOutboundWriter<ByteBuffer>
    private var unread = ByteBuffer()

    private init(
        _ channel: any Channel, _ received: AsyncThrowingStream<ByteBuffer, any Error>,
        _ outbound: NIOAsyncChannelOutboundWriter<ByteBuffer>
    ) {
        self.channel = channel
        self.received = received.makeAsyncIterator()
        self.outbound = outbound
    }

    static func serve(
        _ accepted: any Channel,
        _ behaviour: @escaping @Sendable (TestConnection) async throws -> Void
    ) async {
        let wrapping = accepted.eventLoop.submit {
            try NIOAsyncChannel<ByteBuffer, ByteBuffer>(wrappingChannelSynchronously: accepted)
        }
        // It fails, and so does the option, only for a connection that is gone.
        guard let channel = try? await wrapping.get() else { return }
        try? await accepted.setOption(.autoRead, value: true).get()
        // A behaviour that fails has met the client's end of the connection, which is the test's subject.
        try? await channel.executeThenClose { inbound, outbound in
            let (stream, continuation) = AsyncThrowingStream<ByteBuffer, any Error>.makeStream()
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask {
                    do {
                        for try await bytes in inbound { continuation.yield(bytes) }
                        continuation.finish()
                    } catch {
                        continuation.finish(throwing: error)
                    }
                }
                defer { group.cancelAll() }
                try await behaviour(TestConnection(channel.channel, stream, outbound))
            }
        }
    }

    /// The next request; `nil` when the client has hung up.
    package func request() async throws -> Request? {
        while true {
            if let request = parse() { return request }
            var iterator = received
            guard let more = try await iterator.next(isolation: self) else { return nil }
            received = iterator
            unread.writeImmutableBuffer(more)
        }
    }

    package func send(_ text: String) async throws { try await outbound.write(ByteBuffer(string: text)) }

    /// Returns when the system has taken all of it.
    package func write(_ bytes: ByteBuffer) async throws { try await channel.writeAndFlush(bytes).get() }

    /// Sends a text again and again, by the event loop's clock, until the client hangs up.
    package func drip(_ text: String, every pace: TimeAmount) async throws {
        let channel = channel
        let dripping = channel.eventLoop.scheduleRepeatedTask(initialDelay: .zero, delay: pace) { _ in
            channel.writeAndFlush(ByteBuffer(string: text), promise: nil)
        }
        defer { dripping.cancel() }
        while try await request() != nil {}
    }

    /// A whole answer.
    package func answer(_ status: String, headers: [String] = [], body: String = "") async throws {
        let lines = ["HTTP/1.1 \(status)", "Content-Length: \(body.utf8.count)"] + headers + ["", body]
        try await send(lines.joined(separator: "\r\n"))
    }

    /// Ends the connection with a TCP reset.
    package func reset() async throws {
        guard let socket = channel as? any SocketOptionProvider else { return try await channel.close() }
        try await socket.setSoLinger(linger(l_onoff: 1, l_linger: 0)).get()
        try await channel.close()
    }

    private func parse() -> Request? {
        let text = String(decoding: unread.readableBytesView, as: UTF8.self)
        guard let head = text.firstRange(of: "\r\n\r\n") else { return nil }
        var lines = text[..<head.lowerBound].split(separator: "\r\n").map(String.init)
        let line = lines.removeFirst()
        let pairs = lines.compactMap { line -> (String, String)? in
            guard let colon = line.firstIndex(of: ":") else { return nil }
            let value = line[line.index(after: colon)...].drop { $0 == " " }
            return (line[..<colon].lowercased(), String(value))
        }
        let headers = Dictionary(pairs) { first, _ in first }
        let body = text[head.upperBound...]
        let length = headers["content-length"].flatMap(Int.init) ?? 0
        guard body.utf8.count >= length else { return nil }
        unread.moveReaderIndex(forwardBy: text[..<head.upperBound].utf8.count + length)
        return Request(line: line, headers: headers, body: String(decoding: body.utf8.prefix(length), as: UTF8.self))
    }
}
