import Contracts
import Logging
import ServiceLifecycle
import Synchronization

import struct Foundation.Date

/// Decides what nobody has decided before its deadline, by what the organisation wants then.
///
/// Sleeps until the nearest deadline, and looks again when a review is asked for, whose deadline may be nearer; every
/// minute at least, for a clock that was set, or a process beside this one on the same store.
struct ReviewDeadlines: Service {
    private let store: RequestStore
    private let waiters: JobWaiters
    private let logger: Logger
    private let now: @Sendable () -> Date
    private let sleep: @Sendable (Duration) async throws -> Void
    private let told = Told()
    /// One signal that waits stands for all that came since.
    private let lease: StoreLease
    private let signals: AsyncStream<Void>
    private let continuation: AsyncStream<Void>.Continuation

    /// How long it sleeps at most.
    static let patience = Duration.seconds(60)
    private static let retryPause = Duration.seconds(5)
    /// How many go in one transaction.
    private static let batch = 100

    init(
        store: RequestStore, waiters: JobWaiters, logger: Logger, now: @escaping @Sendable () -> Date = { Date() },
        sleep: @escaping @Sendable (Duration) async throws -> Void = { try await Task.sleep(for: $0) }
    ) {
        self.store = store
        lease = StoreLease("reviews", of: store, duration: .seconds(20))
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
            let now = Timestamp.truncate(now())
            guard let first = try await store.nextReviewDeadline(after: nil) else { return Self.patience }
            if first <= now {
                guard try await lease.isHeld() else { return Self.retryPause }
                try await decide(overdueAt: now)
            }
            // What is left of those that have passed cannot be read: no reason to look again at once.
            guard let next = try await store.nextReviewDeadline(after: now) else { return Self.patience }
            return min(Self.patience, Duration(clampingSeconds: next.timeIntervalSince(now)))
        } catch {
            logger.warning("Overdue reviews cannot be decided.", metadata: ["error": "\(error)"])
            return Self.retryPause
        }
    }

    private func decide(overdueAt now: Date) async throws(StoreError) {
        var place: OverdueReviews.Place?
        repeat {
            let found = try await store.decideOverdueReviews(at: now, after: place, limit: Self.batch)
            for id in found.decided { tell(id) }
            for (request, error) in found.unreadable where told.isFirst(request) {
                logger.error(
                    "An overdue review cannot be read, and is left as it is.",
                    metadata: ["request_id": "\(request)", "error": "\(error)"])
            }
            place = found.next
        } while place != nil
    }

    /// What has been logged once, so that a row which stays broken does not fill the log.
    private final class Told: Sendable {
        private let requests = Mutex<Set<String>>([])

        func isFirst(_ request: String) -> Bool {
            requests.withLock { requests in
                // Bounded: whoever has broken more hears of some again.
                if requests.count >= 1000 { requests = [] }
                return requests.insert(request).inserted
            }
        }
    }

    private func tell(_ id: RequestID) {
        waiters.wake(id)
        logger.notice(
            "Nobody has decided a request in time: the organisation's fallback has.", metadata: ["request_id": "\(id)"])
    }
}
