import Hummingbird
import HummingbirdCore
import TestSupport

@testable import HTTPListener

/// Serves routes behind a listener, on a port of its own, while `body` runs.
func serving(
    _ router: Router<BasicRequestContext>, behind listener: GuardedListener,
    _ body: @escaping @Sendable (_ port: Int) async throws -> Void
) async throws {
    let listening = AsyncStream<Int>.makeStream()
    let application = Application(
        router: router, server: try listener.server(),
        configuration: listener.configuration(host: "127.0.0.1", port: 0),
        onServerRunning: { listening.continuation.yield($0.localAddress?.port ?? 0) }, logger: .silent)
    try await withThrowingTaskGroup(of: Void.self) { group in
        group.addTask { try await application.run() }
        for await port in listening.stream {
            try await body(port)
            break
        }
        group.cancelAll()
    }
}
