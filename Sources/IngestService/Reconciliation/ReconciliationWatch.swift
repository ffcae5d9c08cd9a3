import Foundation
import Logging
import ServiceLifecycle

/// Counts now and then where the requests are, for the metrics.
struct ReconciliationWatch: Service {
    var store: RequestStore
    var metrics: IngestMetrics
    /// Keeps what was counted for those who look at the last hour.
    var history = FlowHistory()
    /// How long a request may stay where it is before it counts as stuck.
    var stuckAfter: Duration
    var logger: Logger
    var now: @Sendable () -> Date = { Date() }
    var sleep: @Sendable (Duration) async throws -> Void = { try await Task.sleep(for: $0) }

    /// Counting may take this part of the time at most: a store with millions of requests is counted less often.
    private static let share = 50
    private static let interval = Duration.seconds(5)

    func run() async throws {
        // The only error is the cancellation, which is how this ends.
        try? await cancelWhenGracefulShutdown {
            while true {
                let start = ContinuousClock.now
                await count()
                try await sleep(max(Self.interval, start.duration(to: .now) * Self.share))
            }
        }
    }

    /// Counts once.
    func count() async {
        do {
            let all = try await store.requestCounts()
            for counts in all { metrics.requests(counts) }
            let now = now()
            history.record(all, at: now)
            metrics.reviews(try await store.reviewFigures(at: now), at: now)
            metrics.stuck(try await store.pendingCount(notMovedSince: now.before(stuckAfter)))
        } catch {
            logger.warning("The requests cannot be counted.", metadata: ["error": "\(error)"])
        }
    }
}
