import Dispatch
import Hummingbird
import NIOCore
import NIOPosix
import TestSupport
import Testing

@testable import HTTPListener

/// A request is handled where its bytes come and go, also after it has waited for another thread.
@Suite(.timeLimit(.minutes(1)))
struct LoopExecutorTests {
    @Test func aRequestStaysOnTheThreadOfItsConnection() async throws {
        let router = Router()
        router.post("/") { request, _ in
            let first = Self.loop()
            let body = try await request.body.collect(upTo: 10)
            let second = Self.loop()
            // As the store does.
            await withCheckedContinuation { waiting in DispatchQueue.global().async { waiting.resume() } }
            let third = Self.loop()
            async let child = Self.loop()
            let fourth = await child
            let isOne = first != nil && [second, third, fourth].allSatisfy { $0 == first }
            return isOne ? String(buffer: body) : "elsewhere"
        }
        let group = router.group("apart").add(middleware: HandledApart())
        group.get { _, _ in Self.loop() == nil ? "apart" : "on a loop" }
        group.get("piecewise") { _, _ in
            Response(
                status: .ok,
                body: ResponseBody { writer in
                    for _ in 0..<3 { try await writer.write(ByteBuffer(string: Self.loop() == nil ? "apart" : "loop")) }
                    try await writer.finish(nil)
                })
        }
        let listener = GuardedListener("test", limits: ConnectionLimits(), staysOnLoop: true, logger: .silent)
        try await serving(router, behind: listener) { port in
            for _ in 0..<4 {
                let answer = try await RequestHeadTests.exchange(
                    port, "POST / HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: 5\r\n\r\nhello")
                #expect(answer.hasSuffix("\r\n\r\nhello"), "\(answer)")
            }
            // What takes long keeps no connection waiting.
            for path in ["/apart", "/apart/piecewise"] {
                let answer = try await RequestHeadTests.exchange(
                    port, "GET \(path) HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
                #expect(answer.contains("apart") && !answer.contains("loop"), "\(answer)")
            }
        }
    }

    /// Which event loop runs this; `nil` on any other thread.
    private static func loop() -> ObjectIdentifier? {
        MultiThreadedEventLoopGroup.currentEventLoop.map { ObjectIdentifier($0) }
    }
}
