import ServiceLifecycle

/// Keeps all replicas of a service together to so many questions a second, by a lease that one of them holds at a time.
///
/// Whoever gets the lease waits one distance before the first question, since the one before may have asked a moment
/// ago, and one distance from each answer to the next question. So two questions are never closer than that, whoever
/// asks, however long a question is on its way, and whoever crashed in between. It costs the time of the answers:
/// somewhat fewer questions are asked than were allowed.
///
/// The lease is kept for a few questions in a row where more than one waits here, and then offered to the others.
///
/// What it cannot see: a process that is stopped between the last look at its lease and its question, for longer than
/// the broker waits for its heartbeats.
package actor DistributedRateLimiter {
    package typealias Instant = ContinuousClock.Instant

    /// What a test steers.
    struct Time: Sendable {
        var now: @Sendable () -> Instant = { .now }
        /// - Throws: when the caller was cancelled or the process stops.
        var sleep: @Sendable (Instant) async throws -> Void = { moment in
            try await cancelWhenGracefulShutdown { try await Task.sleep(until: moment, clock: .continuous) }
        }
    }

    /// Questions in a row before the lease is offered to others.
    static let run = 10

    private let lease: any Lease
    private let queue: ConcurrencyLimiter
    private let patience: Duration
    private let time: Time
    private var distance: Duration
    /// See `Lease.hold()`; `nil` while the lease is not held.
    private var heldSince: Int?
    private var asked = 0
    private var lastAnswer: Instant?
    /// Others go first until then.
    private var standsBackUntil: Instant?

    package init(_ lease: any Lease, perSecond: Double) {
        self.init(lease, perSecond: perSecond, longest: 32, patience: .seconds(60), time: Time())
    }

    /// - Parameters:
    ///   - longest: how many wait at most in this process.
    ///   - patience: how long one of them waits at most for the others.
    init(_ lease: any Lease, perSecond: Double, longest: Int, patience: Duration, time: Time) {
        self.lease = lease
        queue = ConcurrencyLimiter(places: 1, longest: longest)
        self.patience = patience
        self.time = time
        distance = .seconds(1) / perSecond
    }

    /// Holds from the next question on.
    package func change(perSecond: Double) { distance = .seconds(1) / perSecond }

    /// How long it takes at least until all who wait here have asked.
    package var backlog: Duration { distance * (queue.length + 1) }

    /// Asks when the rate allows it.
    /// - Throws: `RateLimitRefusal`; then it was not asked.
    package func perform<Answer: Sendable>(
        _ question: @Sendable () async -> Answer
    ) async throws(RateLimitRefusal) -> Answer {
        let deadline = time.now().advanced(by: patience)
        do throws(ConcurrencyLimiter.Refusal) {
            try await queue.enter()
        } catch {
            throw error == .full ? .crowded : .stopping
        }
        // From here on only one is at work, until it leaves the queue: the state is its own across each `await`.
        defer { queue.leave() }
        do throws(RateLimitRefusal) {
            // Who has waited too long behind others here makes room for those who have not.
            guard time.now() < deadline else { throw .crowded }
            try await takeLease(before: deadline)
        } catch {
            await giveBack()
            throw error
        }
        let answer = await question()
        lastAnswer = time.now()
        asked += 1
        if queue.length == 0 || asked >= Self.run {
            await giveBack()
            if queue.length > 0 { standsBackUntil = time.now().advanced(by: distance) }
        }
        return answer
    }

    private func takeLease(before deadline: Instant) async throws(RateLimitRefusal) {
        if let standsBackUntil, heldSince == nil { try await sleep(until: standsBackUntil) }
        if let lastAnswer, heldSince != nil { try await sleep(until: lastAnswer.advanced(by: distance)) }
        while true {
            let since: Int
            do throws(RateLimitRefusal) {
                since = try await lease.hold()
            } catch {
                heldSince = nil
                guard error == .taken else { throw error }
                // Between a third of the distance and all of it: replicas do not look in step.
                let next = time.now().advanced(by: distance * Double.random(in: 0.3...0.9))
                guard next < deadline else { throw .crowded }
                try await sleep(until: next)
                continue
            }
            // Held all the while: nobody else can have asked.
            if since == heldSince { return }
            heldSince = since
            asked = 0
            try await sleep(until: time.now().advanced(by: distance))
        }
    }

    private func giveBack() async {
        guard heldSince != nil else { return }
        heldSince = nil
        // Unstructured, because the broker is to know of it also when the caller was cancelled.
        await Task { await lease.release() }.value
    }

    private func sleep(until moment: Instant) async throws(RateLimitRefusal) {
        do {
            try await time.sleep(moment)
        } catch {
            throw .stopping
        }
    }
}
