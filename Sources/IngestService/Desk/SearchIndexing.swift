import Logging
import ServiceLifecycle

/// Makes requests findable soon after they came, beside what the intake itself has to do.
///
/// It takes a part of the time alone: a burst is searched for a little later, and told no later.
struct SearchIndexing: Service {
    let store: RequestStore
    private let lease: StoreLease
    var logger: Logger
    private let sleep: @Sendable (Duration) async throws -> Void

    init(
        store: RequestStore, logger: Logger,
        sleep: @escaping @Sendable (Duration) async throws -> Void = { try await Task.sleep(for: $0) }
    ) {
        self.store = store
        self.logger = logger
        self.sleep = sleep
        lease = StoreLease("search", of: store)
    }

    /// Few: whoever writes meanwhile waits for them.
    private static let batch = 16
    /// The part of the time that it may take at most.
    private static let share = 12
    private static let pause = Duration.seconds(1)

    func run() async throws {
        // The only error is the cancellation, which is how this ends.
        try? await cancelWhenGracefulShutdown {
            while true {
                let start = ContinuousClock.now
                let count = await step()
                let took = start.duration(to: .now) * Self.share
                try await sleep(count == Self.batch ? took : max(Self.pause, took))
            }
        }
    }

    /// - Returns: how many requests are findable now that were not before.
    func step() async -> Int {
        do {
            guard try await lease.isHeld() else { return 0 }
            return try await store.indexForSearch(limit: Self.batch)
        } catch {
            logger.warning("Requests cannot be made findable.", metadata: ["error": "\(error)"])
            return 0
        }
    }
}
