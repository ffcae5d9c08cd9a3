package import Broker
import Synchronization

/// Goes through what a queue holds, once, from its head. What `body` does not acknowledge stays held, and is back in
/// its place when the session ends.
package struct QueueReader: Sendable {
    let session: BrokerSession
    /// How long nothing may come before what is left is taken to be with somebody else.
    var idle = Duration.seconds(5)

    /// How many may be held at once: those that `body` has looked at and left.
    var reach = Self.mostHeld

    /// The most that one consumer may hold (AMQP 0-9-1, section 1.8.3.1).
    package static let mostHeld = 65_535

    package init(session: BrokerSession, reach: Int = Self.mostHeld) {
        self.session = session
        self.reach = min(reach, Self.mostHeld)
    }

    /// - Parameter body: returns whether to go on.
    /// - Returns: how many messages it was given.
    /// - Throws: `DeadLetterTrouble` when there is no such queue; whatever `body` throws.
    @discardableResult
    package func read(_ queue: String, _ body: (Delivery) async throws -> Bool) async throws -> Int {
        let total = try await session.depth(of: queue).messages
        guard total > 0 else { return 0 }
        let consumption = await session.consuming.consume(queue: queue, prefetch: min(total, reach))
        let watch = IdleWatch(limit: idle)
        return try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                // Cancelled when there is no more to watch.
                guard (try? await watch.run()) != nil else { return }
                await session.consuming.cancel(consumption)
            }
            defer { group.cancelAll() }
            var count = 0
            watch.begin()
            for await delivery in consumption {
                watch.end()
                count += 1
                guard try await body(delivery), count < total else { break }
                watch.begin()
            }
            await session.consuming.cancel(consumption)
            return count
        }
    }
}

/// Notices when a wait takes too long.
private final class IdleWatch: Sendable {
    private let limit: Duration
    private let waitingSince = Mutex<ContinuousClock.Instant?>(nil)

    init(limit: Duration) { self.limit = limit }

    func begin() { waitingSince.withLock { $0 = .now } }
    func end() { waitingSince.withLock { $0 = nil } }

    /// Returns when a wait has taken longer than the limit.
    /// - Throws: `CancellationError`.
    func run() async throws {
        while true {
            let deadline = (waitingSince.withLock { $0 } ?? .now) + limit
            if deadline <= .now { return }
            try await Task.sleep(until: deadline, clock: .continuous)
        }
    }
}
