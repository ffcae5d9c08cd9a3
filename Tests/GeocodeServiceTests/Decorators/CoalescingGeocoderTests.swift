import Contracts
import Testing

@testable import GeocodeService

@Suite(.timeLimit(.minutes(1))) struct CoalescingGeocoderTests {
    private let key = AddressKey(.cityHall, askedOf: .test())
    private let questions = QuestionsInFlight()
    private let answers = AsyncStream.makeStream(of: StreetFinding.self)

    /// Answers when the test says so; fails when it is cancelled.
    private var asking: @Sendable () async -> QuestionsInFlight.Outcome {
        { [answers] in
            for await finding in answers.stream { return .success(finding) }
            return .failure(.stopping)
        }
    }

    @Test func identicalQuestionsAreAskedOnce() async throws {
        let geocoder = ScriptedGeocoder { [answers] _ in
            for await finding in answers.stream { return finding }
            return .noMatch
        }
        let joining = CoalescingGeocoder(geocoder, entry: .test())
        try await withThrowingTaskGroup(of: StreetFinding.self) { group in
            for _ in 0..<5 { group.addTask { try await joining.find(.cityHall) } }
            await until { geocoder.asked.count == 1 }
            answers.continuation.yield(.found(.house()))
            answers.continuation.finish()
            for try await finding in group where finding != .noMatch { #expect(finding == .found(.house())) }
        }
    }

    @Test func whoIsCancelledLeavesAndTheQuestionGoesOn() async {
        async let stays = questions.outcome(of: key, asking: asking)
        await until { await questions.waiters(for: key) == 1 }
        let leaves = Task { await questions.outcome(of: key, asking: asking) }
        await until { await questions.waiters(for: key) == 2 }
        leaves.cancel()
        #expect(await leaves.value == .failure(.stopping))
        answers.continuation.yield(.noMatch)
        #expect(await stays == .success(.noMatch))
        #expect(await questions.count == 0)
    }

    @Test func theOneWhoBeganMayLeave() async {
        let begins = Task { await questions.outcome(of: key, asking: asking) }
        await until { await questions.waiters(for: key) == 1 }
        async let joins = questions.outcome(of: key, asking: asking)
        await until { await questions.waiters(for: key) == 2 }
        begins.cancel()
        #expect(await begins.value == .failure(.stopping))
        answers.continuation.yield(.noMatch)
        #expect(await joins == .success(.noMatch))
    }

    @Test func aQuestionThatNobodyWaitsForEnds() async {
        let (ended, continuation) = AsyncStream.makeStream(of: Bool.self)
        let asks = Task {
            await questions.outcome(of: key) { [asking] in
                let outcome = await asking()
                continuation.yield(Task.isCancelled)
                return outcome
            }
        }
        await until { await questions.waiters(for: key) == 1 }
        asks.cancel()
        #expect(await asks.value == .failure(.stopping))
        #expect(await ended.first(where: { _ in true }) == true)
        #expect(await questions.count == 0)
    }

    @Test func aFailureIsEverybodysAndIsAskedAnewTheNextTime() async {
        let geocoder = ScriptedGeocoder(fails: .away())
        let joining = CoalescingGeocoder(geocoder, entry: .test())
        for _ in 0..<2 {
            await #expect(throws: GeocoderFailure.away()) { _ = try await joining.find(.cityHall) }
        }
        #expect(geocoder.asked.count == 2)
    }
}
