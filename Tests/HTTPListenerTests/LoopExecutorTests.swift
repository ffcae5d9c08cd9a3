import Dispatch
import Hummingbird
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
        let listener = GuardedListener("test", limits: ConnectionLimits(), staysOnLoop: true, logger: .silent)
        try await serving(router, behind: listener) { port in
            for _ in 0..<4 {
                let answer = try await RequestHeadTests.exchange(
                    port, "POST / HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: 5\r\n\r\nhello")
                #expect(answer.hasSuffix("\r\n\r\nhello"), "\(answer)")
            }
            // What takes long keeps no connection waiting.
            let apart = try await RequestHeadTests.exchange(
                port, "GET /apart HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
            #expect(apart.hasSuffix("\r\n\r\napart"), "\(apart)")
        }
    }

    /// Which event loop runs this; `nil` on any other thread.
    private static func loop() -> ObjectIdentifier? {
        MultiThreadedEventLoopGroup.currentEventLoop.map { ObjectIdentifier($0) }
    }
}
