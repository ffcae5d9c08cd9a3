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
        for sweep in sweeps {
            var removed = 0
            do {
                var count = Self.batch
                while count == Self.batch {
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
