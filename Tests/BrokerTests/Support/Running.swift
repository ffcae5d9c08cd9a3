import ServiceLifecycle
import ServiceLifecycleTestKit

@testable import Broker

/// Runs connections for as long as a test needs them, then shuts them down in order.
/// - Throws: what the test throws, or what a connection's `run()` does.
@discardableResult
func running<Result: Sendable>(
    _ connections: Connection..., test: @Sendable () async throws -> Result
) async throws -> Result {
    try await testGracefulShutdown { trigger in
        try await withThrowingTaskGroup(of: Void.self) { group in
            for connection in connections { group.addTask { try await connection.run() } }
            let result = try await test()
            trigger.triggerGracefulShutdown()
            try await group.waitForAll()
            return result
        }
    }
}
