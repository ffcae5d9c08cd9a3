import HTTPTypes
import Hummingbird
import HummingbirdCore
import Logging
import NIOCore
import NIOPosix
import Synchronization
import TestSupport
import Testing

@testable import HTTPListener

/// What requests' heads say of their connection, as raw bytes over a socket.
///
/// HTTP/1.1 by raw bytes.
@Suite(.serialized, .timeLimit(.minutes(1)))
struct RequestHeadTests {
    /// What says that the connection is to end, and does so at once. The second request behind it is never answered.
    @Test(arguments: [
        "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\nConnection: Close\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\nCONNECTION: CLOSE\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\nTE: deflate,gzip;q=0.3\r\nConnection: TE, close\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\nConnection: keep-alive, close\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\nConnection: keep-alive\r\nConnection: close\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\nConnection:\t close ,\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAM\r\n\r\n",
        "GET / HTTP/1.0\r\nHost: a\r\n\r\n", "GET / HTTP/1.0\r\n\r\n", "GET / HTTP/1.0\r\nConnection: TE\r\n\r\n",
        "GET / HTTP/1.0\r\nConnection: keep-alive, close\r\n\r\n",
    ])
    func theConnectionEndsAfterTheAnswer(_ request: String) async throws {
        try await Self.serve { port in
            let answers = try await Self.exchange(port, request + "GET / HTTP/1.1\r\nHost: a\r\n\r\n")
            #expect(answers.hasPrefix("HTTP/1.1 200 OK\r\n"))
            #expect(answers.lowercased().contains("\r\nconnection: close\r\n"))
            #expect(answers.hasSuffix("\r\n\r\nhello") && Self.statuses(answers) == ["200"])
        }
    }

    @Test(arguments: [
        ("GET / HTTP/1.1\r\nHost: a\r\n\r\n", false),
        ("GET / HTTP/1.1\r\nHost: a\r\nConnection: keep-alive\r\n\r\n", false),
        ("GET / HTTP/1.1\r\nHost: a\r\nConnection: closed, x-close\r\n\r\n", false),
        ("GET / HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\n", true),
    ])
    func otherConnectionsStay(_ request: String, _ saysSo: Bool) async throws {
        try await Self.serve { port in
            let answers = try await Self.exchange(
                port, request + request + "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
            #expect(Self.statuses(answers) == ["200", "200", "200"])
            #expect(answers.lowercased().contains("connection: keep-alive") == saysSo)
        }
    }

    /// RFC 9112, section 3.2.
    @Test(arguments: [
        ("GET / HTTP/1.1\r\n\r\n", "400"), ("GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n", "400"),
        ("GET / HTTP/1.1\r\nHost: a\r\nhost: b\r\n\r\n", "400"),
        ("GET / HTTP/1.0\r\nHost: a\r\nHost: b\r\n\r\n", "400"),
        ("POST / HTTP/1.1\r\nContent-Length: 2\r\n\r\nhi", "400"),
    ])
    func aRequestNamesItsHostOnce(_ request: String, _ status: String) async throws {
        try await Self.serve { port in
            let answer = try await Self.exchange(port, request)
            #expect(Self.statuses(answer) == [status])
            #expect(answer.contains("urn:intake:problem:malformed-http") && answer.contains("connection: close"))
        }
    }

    /// RFC 9112, section 6.3: where nobody can say where the body ends, what is behind it is no request.
    @Test(arguments: [
        ("", "400"), (" ", "400"), ("identity", "400"), ("gzip", "400"), ("chunked, gzip", "400"),
        ("chunked, chunked", "400"), ("xchunked", "400"), ("gzip, chunked", "501"), ("deflate ,\tChunked", "501"),
    ])
    func aBodyWithoutAKnownEndEndsTheConnection(_ coding: String, _ status: String) async throws {
        try await Self.serve { port in
            let answer = try await Self.exchange(
                port,
                "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: \(coding)\r\n\r\n0\r\n\r\n"
                    + "GET / HTTP/1.1\r\nHost: a\r\n\r\n")
            #expect(Self.statuses(answer) == [status])
            #expect(answer.lowercased().contains("connection: close"))
        }
    }

    @Test(arguments: ["chunked", "CHUNKED", " chunked ", ",chunked,"])
    func aChunkedBodyIsTaken(_ coding: String) async throws {
        try await Self.serve { port in
            let answer = try await Self.exchange(
                port,
                "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: \(coding)\r\nConnection: close\r\n\r\n"
                    + "2\r\nhi\r\n0\r\n\r\n")
            #expect([["200"], ["400"]].contains(Self.statuses(answer)))
            #expect(Self.statuses(answer) == ["200"] || coding.contains(","))
        }
    }

    /// RFC 9112, section 6.1: an HTTP/1.0 proxy on the way may not have read the chunks.
    @Test func chunksOfAnOldClientAreTheLastOnItsConnection() async throws {
        try await Self.serve { port in
            let answer = try await Self.exchange(
                port,
                "POST / HTTP/1.0\r\nConnection: keep-alive\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"
                    + "GET / HTTP/1.0\r\n\r\n")
            #expect(Self.statuses(answer).count == 1)
        }
    }

    @Test func whatIsMissingIsSaid() async throws {
        try await Self.serve { port in
            let answer = try await Self.exchange(port, "GET / HTTP/1.1\r\n\r\n")
            #expect(answer.contains("must name its host in one Host header"))
        }
    }

    /// RFC 9112, section 3.2: what is no host is refused as none is.
    @Test(arguments: [
        "a b", "a, b", "a/b", "user@a", "[::1", "a:99999", "a:99999x", "a:x", "a:-1", "a:1:2", "::1", "[]", "[a]:1",
        "[::1]x",
        "\u{e9}", "a\u{0301}", "a\"b", "<a>", "a\\b", "a?b", "a#b", String(repeating: "a", count: 301),
    ])
    func whatIsNoHostIsRefused(_ host: String) async throws {
        try await Self.serve { port in
            for version in ["1.1", "1.0"] {
                let answer = try await Self.exchange(port, "GET / HTTP/\(version)\r\nHost: \(host)\r\n\r\n")
                #expect(Self.statuses(answer) == ["400"], "\(host)")
            }
        }
    }

    @Test(arguments: [
        "a", "A.example", "a:80", "a:", "a.example.:65535", "127.0.0.1:8080", "[::1]", "[::1]:8080",
        "[::ffff:127.0.0.1]:1",
        "a_b", "xn--bcher-kva.example", "a%20b", "", "localhost",
    ])
    func everyHostIsTaken(_ host: String) async throws {
        try await Self.serve { port in
            let answer = try await Self.exchange(port, "GET / HTTP/1.1\r\nHost: \(host)\r\nConnection: close\r\n\r\n")
            #expect(Self.statuses(answer) == ["200"], "\(host)")
        }
    }

    /// Whoever reads a field, and with whatever function: none is long and holds what is to be normalised.
    @Test(arguments: [
        "Sec-Fetch-Site", "Origin", "Cookie", "Accept", "Content-Type", "Authorization", "X-Forwarded-For",
        "traceparent", "X-Any",
    ])
    func noLongFieldIsOfForeignText(_ name: String) async throws {
        try await Self.serve { port in
            for (value, status) in [
                (String(repeating: "\u{0301}\u{0323}", count: 4000), "400"),
                ("a" + String(repeating: "\u{e9}", count: 200), "400"),
                (String(repeating: "\u{e9}", count: 128), "200"), (String(repeating: "x", count: 16_000), "200"),
            ] {
                let head = "GET / HTTP/1.1\r\nHost: a\r\n\(name): \(value)\r\nConnection: close\r\n\r\n"
                let answer = try await Self.exchange(port, head)
                #expect(Self.statuses(answer) == [status], "\(value.prefix(3))")
            }
        }
    }

    @Test(arguments: ["/\u{e9}", "/?\u{0301}", "/" + String(repeating: "\u{0301}\u{0323}", count: 3000)])
    func aTargetIsASCII(_ target: String) async throws {
        try await Self.serve { port in
            let answer = try await Self.exchange(port, "GET \(target) HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
            #expect(Self.statuses(answer) == ["400"])
        }
    }

    /// RFC 9112, section 5.2: no folded line is taken for two fields, or for none.
    @Test(arguments: [
        "GET / HTTP/1.1\r\nHost: a\r\nX-Long: one\r\n two\r\n\r\n", "GET / HTTP/1.1\r\nHost: a\r\n b\r\n\r\n",
    ])
    func aFoldedFieldIsOneOrRefused(_ request: String) async throws {
        try await Self.serve { port in
            let answer = try await Self.exchange(
                port, request + "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
            #expect([["400"], ["200", "200"]].contains(Self.statuses(answer)))
        }
    }

    /// The body is held back until the server says so: it does, and once.
    @Test(arguments: ["100-continue", "100-Continue", "foo, 100-continue"])
    func whoWaitsIsToldToGoOn(_ expectation: String) async throws {
        try await Self.serve { port in
            let connection = try await Connection(port)
            connection.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\nExpect: \(expectation)\r\n\r\n")
            await connection.received { $0 == "HTTP/1.1 100 Continue\r\n\r\n" }
            connection.send("bodyGET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
            let all = try await connection.everything()
            #expect(Self.statuses(all) == ["100", "200", "200"])
            #expect(all.contains("\r\n\r\nbody"))
        }
    }

    /// Nobody is told to go on whose answer is there already, who does not wait, or who is an HTTP/1.0 client.
    @Test(arguments: [
        "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\nExpect: 100-continue\r\nConnection: close\r\n\r\nbody",
        "POST / HTTP/1.0\r\nHost: a\r\nContent-Length: 4\r\nExpect: 100-continue\r\n\r\nbody",
        "GET / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nConnection: close\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\nExpect: 100-continue\r\nConnection: close\r\n\r\n",
    ])
    func nobodyElseIs(_ request: String) async throws {
        try await Self.serve { port in
            let answer = try await Self.exchange(port, request)
            #expect(Self.statuses(answer) == ["200"])
        }
    }

    @Test func aBodyThatIsTooLargeIsRefusedAtOnce() async throws {
        try await Self.serve { port in
            let connection = try await Connection(port)
            connection.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5000\r\nExpect: 100-continue\r\n\r\n")
            await connection.received { $0.contains("HTTP/1.1 413") }
            #expect(Self.statuses(connection.text) == ["413"])
            try await connection.close()
        }
    }

    /// The answer to the request ahead goes first.
    @Test func whoWaitsBehindAnotherRequestIsToldInTurn() async throws {
        try await Self.serve { port in
            let connection = try await Connection(port)
            connection.send(
                "GET / HTTP/1.1\r\nHost: a\r\n\r\nPOST / HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\nExpect: 100-continue\r\n\r\n"
            )
            await connection.received { $0.contains("100 Continue") }
            connection.send("bodyGET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
            let all = try await connection.everything()
            #expect(Self.statuses(all) == ["200", "100", "200", "200"])
        }
    }

    // MARK: Ends

    private static func statuses(_ text: String) -> [String] {
        text.matches(of: /HTTP\/1\.[01] (\d\d\d)/).map { String($0.output.1) }
    }

    private static func serve(_ body: @escaping @Sendable (_ port: Int) async throws -> Void) async throws {
        let router = Router()
        router.get("/") { _, _ in "hello" }
        router.post("/") { request, _ in
            if let length = request.headers[.contentLength].flatMap({ Int($0) }), length > 1000 {
                throw HTTPError(.contentTooLarge)
            }
            return String(buffer: try await request.body.collect(upTo: 1000))
        }
        var limits = ConnectionLimits()
        limits.bodyBytes = 1000
        limits.lingerTime = .milliseconds(200)
        let listener = GuardedListener("test", limits: limits, logger: Logger(label: "test"))
        try await serving(router, behind: listener, body)
    }

    static func exchange(_ port: Int, _ text: String) async throws -> String {
        let connection = try await Connection(port)
        connection.send(text)
        return try await connection.everything()
    }

    /// A connection on which a test writes what it wants.
    private final class Connection: Sendable {
        private let channel: any Channel
        private let state: Collected

        private final class Collected: ChannelInboundHandler, Sendable {
            typealias InboundIn = ByteBuffer
            let text = Mutex("")
            let changes = AsyncStream<Void>.makeStream()

            func channelRead(context: ChannelHandlerContext, data: NIOAny) {
                text.withLock { $0 += String(buffer: unwrapInboundIn(data)) }
                changes.continuation.yield()
            }

            func channelInactive(context: ChannelHandlerContext) { changes.continuation.finish() }
        }

        init(_ port: Int) async throws {
            let state = Collected()
            self.state = state
            channel = try await ClientBootstrap(group: .singletonMultiThreadedEventLoopGroup)
                .channelInitializer { $0.pipeline.addHandler(state) }
                .connect(host: "127.0.0.1", port: port).get()
        }

        var text: String { state.text.withLock { $0 } }

        func send(_ text: String) { channel.writeAndFlush(ByteBuffer(string: text), promise: nil) }

        /// Returns when what came fits, or no more comes.
        func received(_ fits: (String) -> Bool) async {
            if fits(text) { return }
            for await _ in state.changes.stream where fits(text) { return }
            Issue.record("only \(text) came")
        }

        /// What comes until the server closes.
        func everything() async throws -> String {
            try await channel.closeFuture.get()
            return text
        }

        func close() async throws { try await channel.close() }
    }
}
