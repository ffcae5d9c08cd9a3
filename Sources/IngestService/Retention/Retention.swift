import Contracts
import Logging
import ServiceLifecycle
import ServiceRuntime

import struct Foundation.Date

/// Removes what has been kept long enough, in small batches between which requests are taken as ever.
struct Retention: Service {
    var store: RequestStore
    var log: LogTruncation
    var sweeps: [RetentionSweep]
    var logger: Logger
    var now: @Sendable () -> Date = { Date() }
    var sleep: @Sendable (Duration) async throws -> Void = { try await Task.sleep(for: $0) }

    /// How many go in one transaction.
    static let batch = 100
    private static let pause = Duration.milliseconds(50)
    private static let interval = Duration.seconds(3600)

    func run() async throws {
        // The only error is the cancellation, which is how this ends.
        try? await cancelWhenGracefulShutdown {
            while true {
                try await sweep()
                try await sleep(Self.interval)
            }
        }
    }

    /// Removes everything whose time is over.
    /// - Throws: what `sleep` throws.
    func sweep() async throws {
        let lease = StoreLease("retention", of: store)
        for sweep in sweeps {
            var removed = 0
            do {
                var count = Self.batch
                while count == Self.batch, try await lease.isHeld() {
                    count = try await sweep.run(store, now(), Self.batch)
                    removed += count
                    failurePoint("retention.swept")
                    if count == Self.batch { try await sleep(Self.pause) }
                }
                if removed > 0, sweep.isSecret { _ = await log.truncate() }
            } catch let error as StoreError {
                // The next round tries again.
                logger.warning(
                    "What has been kept long enough could not be removed.",
                    metadata: ["kind": "\(sweep.name)", "error": "\(error)"])
            }
            if removed > 0 {
                logger.info(
                    "What has been kept long enough was removed.",
                    metadata: ["kind": "\(sweep.name)", "count": "\(removed)"])
            }
        }
    }
}

/// One kind of thing that goes when its time is over.
struct RetentionSweep: Sendable {
    /// For the log.
    var name: String
    /// Whether what goes must not stay in the file.
    var isSecret = false
    /// Removes a small batch.
    /// - Returns: how many; fewer than the limit when there are no more.
    var run: @Sendable (_ store: RequestStore, _ now: Date, _ limit: Int) async throws(StoreError) -> Int

    /// Everything that has an end. Whatever else gets one is added here.
    static func all(_ times: RetentionTimes) -> [RetentionSweep] {
        [
            RetentionSweep(name: "jobs") { store, now, limit async throws(StoreError) in
                try await store.expireJobs(endedBefore: now.before(times.jobs), at: now, limit: limit)
            },
            RetentionSweep(name: "personal-data", isSecret: true) { store, now, limit async throws(StoreError) in
                try await store.erasePersonalData(acceptedBefore: now.before(times.personalData), at: now, limit: limit)
            },
            // Their bodies may hold a street. As long as an operator may still want to see it, they are kept like
            // personal data.
            RetentionSweep(name: "dead-letters-without-request", isSecret: true) {
                store, now, limit async throws(StoreError) in
                try await store.removeStrayDeadLetters(
                    recordedBefore: now.before(times.personalData), resolvedBefore: now.before(times.jobs), limit: limit
                )
            },
            RetentionSweep(name: "endpoints") { store, now, limit async throws(StoreError) in
                try await store.removeEndpoints(recordedBefore: now.before(times.jobs), limit: limit)
            },
            RetentionSweep(name: "audit-log") { store, now, limit async throws(StoreError) in
                try await store.removeAudit(before: now.before(times.audit), limit: limit)
            },
            RetentionSweep(name: "idempotency-keys") { store, now, limit async throws(StoreError) in
                try await store.removeExpiredIdempotencyKeys(
                    before: now.before(IdempotencyClaim.lifetime), limit: limit)
            },
        ]
    }
}

/// How long things are kept.
struct RetentionTimes: Sendable, Equatable {
    /// Personal data, from the acceptance of a request that is settled.
    var personalData: Duration
    /// What a job shows, from its end.
    var jobs: Duration
    /// What the audit log says of what somebody did.
    var audit = Duration.seconds(86400 * 730)
}

extension Date {
    func before(_ duration: Duration) -> Date { shifted(by: .zero - duration) }
}
