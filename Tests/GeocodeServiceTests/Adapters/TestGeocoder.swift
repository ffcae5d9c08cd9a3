import NIOCore
import NIOPosix
import Synchronization

/// A service on the loopback that does with each question what a test says.
struct TestGeocoder: Sendable {
    let port: Int

    var url: String { "http://127.0.0.1:\(port)" }

    /// A question as it came over the wire.
    struct Request: Sendable, Equatable {
        var line: String
        /// By lower-case name.
        var headers: [String: String]
    }

    /// The way back to whoever asked.
    struct Outbound: Sendable {
        fileprivate let channel: any Channel

        /// Returns when the system has taken all of it.
        func write(_ bytes: ByteBuffer) async throws { try await channel.writeAndFlush(bytes).get() }

        func send(_ text: String) async throws { try await write(ByteBuffer(string: text)) }

        /// A whole answer.
        func answer(status: String = "200 OK", headers: [String] = [], _ body: String = "") async throws {
            let lines =
                ["HTTP/1.1 \(status)", "Content-Length: \(body.utf8.count)", "Connection: close"] + headers
                + ["", body]
            try await send(lines.joined(separator: "\r\n"))
        }
    }

    /// Serves while `body` runs. A connection is good for one question, and closed when `behaviour` returns.
    static func serving(
        _ behaviour: @escaping @Sendable (Request, Outbound) async throws -> Void,
        _ body: @escaping @Sendable (TestGeocoder) async throws -> Void
    ) async throws {
        // Nothing is read, and nothing has to be finished, before somebody serves the connection: a test may end before.
        let server = try await ServerBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .childChannelOption(.autoRead, value: false)
            .bind(host: "127.0.0.1", port: 0) { $0.eventLoop.makeSucceededFuture($0) }
        let geocoder = TestGeocoder(port: server.channel.localAddress?.port ?? 0)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                try await server.executeThenClose { connections in
                    // Ends by cancellation, when the body is done.
                    try await withThrowingDiscardingTaskGroup { group in
                        for try await connection in connections {
                            group.addTask { await serve(connection, behaviour) }
                        }
                    }
                }
            }
            group.addTask {
                try await body(geocoder)
                throw Done()
            }
            do {
                while try await group.next() != nil {}
            } catch is Done {
                group.cancelAll()
            }
        }
    }

    /// A port that nobody listens on: one that was free a moment ago.
    static func closedPort() async throws -> Int {
        let channel = try await ServerBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .bind(host: "127.0.0.1", port: 0).get()
        let port = channel.localAddress?.port ?? 0
        try await channel.close()
        return port
    }

    private struct Done: Error {}

    private static func serve(
        _ accepted: any Channel,
        _ behaviour: @escaping @Sendable (Request, Outbound) async throws -> Void
    ) async {
        let wrapping = accepted.eventLoop.submit {
            try NIOAsyncChannel<ByteBuffer, ByteBuffer>(wrappingChannelSynchronously: accepted)
        }
        // It fails, and so does the option, only for a connection that is gone.
        guard let connection = try? await wrapping.get() else { return }
        try? await accepted.setOption(.autoRead, value: true).get()
        // A behaviour that fails has met the client's end of the connection, which is the test's subject.
        try? await connection.executeThenClose { inbound, _ in
            var text = ""
            for try await bytes in inbound {
                text += String(buffer: bytes)
                if text.hasSuffix("\r\n\r\n") { break }
            }
            var lines = text.split(separator: "\r\n").map(String.init)
            guard !lines.isEmpty else { return }
            let line = lines.removeFirst()
            let headers = lines.compactMap { line -> (String, String)? in
                guard let colon = line.firstIndex(of: ":") else { return nil }
                return (line[..<colon].lowercased(), String(line[line.index(after: colon)...].drop { $0 == " " }))
            }
            try await behaviour(
                Request(line: line, headers: Dictionary(headers) { first, _ in first }),
                Outbound(channel: connection.channel))
        }
    }
}

/// Collects what happened, from any task.
final class Recorder<Element: Sendable>: Sendable {
    private let recorded = Mutex<[Element]>([])

    func add(_ element: Element) { recorded.withLock { $0.append(element) } }
    var all: [Element] { recorded.withLock { $0 } }
}
