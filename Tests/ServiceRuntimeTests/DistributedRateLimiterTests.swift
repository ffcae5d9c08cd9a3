import Synchronization
import Testing

@testable import ServiceRuntime

/// The turn with a right and a clock of the test's. One question a second.
@Suite(.timeLimit(.minutes(1))) struct DistributedRateLimiterTests {
    /// Says in turn what it was told to; the last for ever.
    private actor ScriptedLease: Lease {
        private var answers: [Result<Int, RateLimitRefusal>]
        private(set) var releases = 0
        private(set) var holds = 0

        init(_ answers: Result<Int, RateLimitRefusal>...) { self.answers = answers }

        func hold() async throws(RateLimitRefusal) -> Int {
            holds += 1
            let answer = answers[0]
            if answers.count > 1 { answers.removeFirst() }
            return try answer.get()
        }

        func release() async { releases += 1 }
    }

    /// Goes on when somebody sleeps.
    private final class Clock: Sendable {
        static let start = ContinuousClock.now
        private let instant = Mutex(Clock.start)
        private let moments = Mutex<[Double]>([])

        /// When something was noted, seconds since the start.
        var noted: [Double] { moments.withLock { $0 } }

        func note() { moments.withLock { $0.append(seconds) } }

        /// Since the start, seconds.
        var seconds: Double { Self.start.duration(to: instant.withLock { $0 }) / .seconds(1) }

        func pass(_ duration: Duration) { instant.withLock { $0 += duration } }

        var time: DistributedRateLimiter.Time {
            DistributedRateLimiter.Time(
                now: { self.instant.withLock { $0 } },
                sleep: { moment in
                    try Task.checkCancellation()
                    self.instant.withLock { $0 = max($0, moment) }
                })
        }
    }

    private let clock = Clock()

    private func turn(_ right: ScriptedLease, longest: Int = 32) -> DistributedRateLimiter {
        DistributedRateLimiter(right, perSecond: 1, longest: longest, patience: .seconds(60), time: clock.time)
    }

    @Test func theFirstQuestionWaitsOneDistanceBecauseAnotherMayJustHaveAsked() async throws {
        let right = ScriptedLease(.success(1))
        let askedAt = try await turn(right).perform { clock.seconds }
        #expect(askedAt == 1)
        #expect(await right.releases == 1)
    }

    /// Of several that wait here, in the order in which they came; an answer takes two seconds.
    private func ask(_ count: Int, of turn: DistributedRateLimiter) async throws -> [Double] {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<count {
                group.addTask { [clock] in
                    try await turn.perform {
                        // The first one answers when all others wait.
                        if clock.noted.isEmpty {
                            while await turn.backlog < .seconds(count) { await Task.yield() }
                        }
                        clock.note()
                        clock.pass(.seconds(2))
                    }
                }
            }
            try await group.waitForAll()
        }
        return clock.noted
    }

    @Test func theNextQuestionWaitsOneDistanceFromTheAnswer() async throws {
        let right = ScriptedLease(.success(1))
        #expect(try await ask(3, of: turn(right)) == [1, 4, 7])
        #expect(await right.releases == 1)
    }

    @Test func afterTenQuestionsItIsTheOthersTurn() async throws {
        let right = ScriptedLease(.success(1))
        let moments = try await ask(12, of: turn(right))
        #expect(await right.releases == 2)
        // Answer, stand back, get the right, wait one distance.
        #expect(moments[10] - moments[9] == 4)
    }

    @Test func whoIsNotInTurnTriesAgain() async throws {
        let right = ScriptedLease(.failure(.taken), .failure(.taken), .success(1))
        let askedAt = try await turn(right).perform { clock.seconds }
        #expect(askedAt > 1.5)
        #expect(await right.holds == 4)
    }

    @Test func whoIsNeverInTurnGivesUp() async throws {
        let right = ScriptedLease(.failure(.taken))
        await #expect(throws: RateLimitRefusal.crowded) { try await turn(right).perform {} }
        #expect(clock.seconds <= 60)
        #expect(await right.releases == 0)
    }

    @Test func whoHasWaitedTooLongBehindOthersGivesUp() async throws {
        let turn = turn(ScriptedLease(.success(1)))
        async let first: Void = turn.perform {
            while await turn.backlog < .seconds(2) { await Task.yield() }
            clock.pass(.seconds(60))
        }
        while clock.seconds < 1 { await Task.yield() }
        await #expect(throws: RateLimitRefusal.crowded) { try await turn.perform {} }
        try await first
    }

    @Test func withoutTheBrokerNothingIsAsked() async throws {
        await #expect(throws: RateLimitRefusal.unknown) { try await turn(ScriptedLease(.failure(.unknown))).perform {} }
    }

    @Test func aRightThatWasLostMeanwhileIsOneThatIsNew() async throws {
        let right = ScriptedLease(.success(1), .success(2), .success(2))
        #expect(try await turn(right).perform { clock.seconds } == 2)
    }

    @Test func aRightThatIsLostWhileOneWaitsIsTriedForAgain() async throws {
        let right = ScriptedLease(.success(1), .failure(.taken), .success(2), .success(2))
        #expect(try await turn(right).perform { clock.seconds } > 2)
    }

    @Test func whoIsCancelledGivesTheRightBack() async throws {
        let right = ScriptedLease(.success(1))
        let turn = DistributedRateLimiter(
            right, perSecond: 1, longest: 1, patience: .seconds(60),
            time: DistributedRateLimiter.Time(
                now: clock.time.now, sleep: { _ in try await Task.sleep(for: .seconds(3600)) }))
        let asking = Task { try await turn.perform {} }
        while await right.holds == 0 { await Task.yield() }
        asking.cancel()
        await #expect(throws: RateLimitRefusal.stopping) { try await asking.value }
        #expect(await right.releases == 1)
    }

    @Test func moreThanMayWaitAreSentAway() async throws {
        let turn = turn(ScriptedLease(.success(1)), longest: 0)
        let inner = try await turn.perform { () -> RateLimitRefusal? in
            do throws(RateLimitRefusal) {
                try await turn.perform {}
                return nil
            } catch {
                return error
            }
        }
        #expect(inner == .crowded)
    }
}
