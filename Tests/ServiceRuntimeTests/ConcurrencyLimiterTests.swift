import ServiceLifecycle
import ServiceLifecycleTestKit
import Testing

@testable import ServiceRuntime

@Suite(.timeLimit(.minutes(1))) struct ConcurrencyLimiterTests {
    private func untilWaiting(_ count: Int, in line: ConcurrencyLimiter) async {
        while line.length != count { await Task.yield() }
    }

    private func refusal(of line: ConcurrencyLimiter) async -> ConcurrencyLimiter.Refusal? {
        do throws(ConcurrencyLimiter.Refusal) {
            try await line.enter()
            return nil
        } catch {
            return error
        }
    }

    @Test func asManyAsThereArePlacesAreLetInAtOnce() async throws {
        let line = ConcurrencyLimiter(places: 2, longest: 0)
        try await line.enter()
        try await line.enter()
        await #expect(throws: ConcurrencyLimiter.Refusal.full) { try await line.enter() }
        line.leave()
        try await line.enter()
    }

    @Test func whoHasWaitedLongestComesFirst() async throws {
        let line = ConcurrencyLimiter(places: 1, longest: 3)
        try await line.enter()
        let (order, continuation) = AsyncStream.makeStream(of: Int.self)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 1...3 {
                group.addTask {
                    try await line.enter()
                    continuation.yield(number)
                    line.leave()
                }
                await untilWaiting(number, in: line)
            }
            line.leave()
            try await group.waitForAll()
        }
        continuation.finish()
        #expect(await order.reduce(into: []) { $0.append($1) } == [1, 2, 3])
    }

    @Test func whoIsCancelledGivesHisPlaceInTheLineUp() async throws {
        let line = ConcurrencyLimiter(places: 1, longest: 1)
        try await line.enter()
        let waiting = Task { try await line.enter() }
        await untilWaiting(1, in: line)
        waiting.cancel()
        await #expect(throws: ConcurrencyLimiter.Refusal.stopping) { try await waiting.value }
        #expect(line.length == 0)
        line.leave()
        try await line.enter()
    }

    @Test func nobodyWaitsInAProcessThatStops() async throws {
        let line = ConcurrencyLimiter(places: 1, longest: 1)
        try await line.enter()
        await testGracefulShutdown { trigger in
            async let refusal = refusal(of: line)
            await untilWaiting(1, in: line)
            trigger.triggerGracefulShutdown()
            #expect(await refusal == .stopping)
        }
    }
}
