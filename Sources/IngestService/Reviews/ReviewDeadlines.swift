import Contracts
import Logging
import ServiceLifecycle
import ServiceRuntime

import struct Foundation.Date

/// Decides what nobody has decided before its deadline, by what the organisation wants then.
///
/// Sleeps until the nearest deadline, and looks again when a review is asked for, whose deadline may be nearer; every minute
/// at least, for a clock that was set, or a process beside this one on the same store.
struct ReviewDeadlines: Service {
    private let store: any RequestStore
    private let handOver: @Sendable (OutboxEntry) -> Void
    private let waiters: JobWaiters
    private let logger: Logger
    private let now: @Sendable () -> Date
    private let sleep: @Sendable (Duration) async throws -> Void
    /// One signal that waits stands for all that came since.
    private let signals: AsyncStream<Void>
    private let continuation: AsyncStream<Void>.Continuation

    /// How long it sleeps at most.
    static let patience = Duration.seconds(60)
    private static let retryPause = Duration.seconds(5)
    /// How many go in one transaction.
    private static let batch = 100

    /// - Parameter handOver: hands a fresh event to whoever publishes it. Must not wait.
    init(
        store: any RequestStore, handOver: @escaping @Sendable (OutboxEntry) -> Void, waiters: JobWaiters,
        logger: Logger, now: @escaping @Sendable () -> Date = { Date() },
        sleep: @escaping @Sendable (Duration) async throws -> Void = { try await Task.sleep(for: $0) }
    ) {
        self.store = store
        self.handOver = handOver
        self.waiters = waiters
        self.logger = logger
        self.now = now
        self.sleep = sleep
        (signals, continuation) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    /// There is another review.
    func wake() { continuation.yield() }

    func run() async throws {
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled { await signal(within: await decideOverdue()) }
        }
    }

    /// Waits for a signal, or until the time is over.
    private func signal(within limit: Duration) async {
        await withTaskGroup(of: Void.self) { group in
            group.addTask {
                // Cancelled when a signal comes before: then there is nothing more to signal.
                do { try await sleep(limit) } catch { return }
                continuation.yield()
            }
            var iterator = signals.makeAsyncIterator()
            _ = await iterator.next()
            group.cancelAll()
        }
    }

    /// Decides all that is overdue.
    /// - Returns: how long nothing more will be, as far as is known.
    func decideOverdue() async -> Duration {
        do throws(StoreError) {
            while true {
                let now = Timestamp.truncate(now())
                guard let next = try await store.nextReviewDeadline() else { return Self.patience }
                guard next <= now else {
                    return min(Self.patience, Duration(clampingSeconds: next.timeIntervalSince(now)))
                }
                let entries = try await store.decideOverdueReviews(at: now, limit: Self.batch)
                if !entries.isEmpty { failurePoint("review.committed") }
                for entry in entries { tell(entry) }
            }
        } catch {
            logger.warning("Overdue reviews cannot be decided.", metadata: ["error": "\(error)"])
            return Self.retryPause
        }
    }

    private func tell(_ entry: OutboxEntry) {
        handOver(entry)
        guard let id = entry.message.requestID else { return }
        waiters.wake(id)
        logger.notice(
            "Nobody has decided a request in time: the organisation's fallback has.", metadata: ["request_id": "\(id)"])
    }
}
