import Logging
import ServiceLifecycle
import Synchronization

/// Sees to it that what was erased leaves the store's log (SQLite's WAL), too.
///
/// What is erased is overwritten in the file, but the log beside it holds older copies until it has been carried over
/// and cut, and that cannot be while a reader is open that began before. Nobody waits for such a reader: it is tried
/// again here until it works.
final class LogTruncation: Service {
    private let store: RequestStore
    private let metrics: IngestMetrics
    private let logger: Logger
    private let sleep: @Sendable (Duration) async throws -> Void
    /// At the start, too: an earlier process may have left something.
    private let isDue = Atomic(true)

    private static let interval = Duration.seconds(5)

    init(
        store: RequestStore, metrics: IngestMetrics, logger: Logger,
        sleep: @escaping @Sendable (Duration) async throws -> Void = { try await Task.sleep(for: $0) }
    ) {
        self.store = store
        self.metrics = metrics
        self.logger = logger
        self.sleep = sleep
    }

    /// Something was erased.
    /// - Returns: whether it is nowhere any more; when not, it is tried again by `run`.
    func truncate() async -> Bool {
        // Before it is tried: what somebody else erases meanwhile is due again.
        isDue.store(false, ordering: .sequentiallyConsistent)
        var isDone = false
        do { isDone = try await store.truncateLog() } catch {
            logger.warning("The store's log cannot be cut.", metadata: ["error": "\(error)"])
        }
        if !isDone { isDue.store(true, ordering: .sequentiallyConsistent) }
        metrics.erasurePending(isDue.load(ordering: .sequentiallyConsistent))
        return isDone
    }

    func run() async throws {
        // The only error is the cancellation, which is how this ends.
        try? await cancelWhenGracefulShutdown {
            while true {
                if self.isDue.load(ordering: .sequentiallyConsistent) { _ = await self.truncate() }
                try await self.sleep(Self.interval)
            }
        }
    }
}
