import Testing

@testable import ServiceRuntime

@Suite struct OutageGateTests {
    private let failure = StageFailure.outage("away", "It is away.")

    @Test func withoutAnOutageEverybodyWorks() async throws {
        let gate = OutageGate()
        for _ in 0..<3 { #expect(try await gate.enter().isWork) }
        gate.answered()
        #expect(try await gate.enter().isWork)
    }

    @Test func oneTriesAndTheOthersAreSentAwayWhenTheyHaveWaitedLongEnough() async throws {
        let gate = OutageGate(patience: .milliseconds(600))
        gate.failed(failure)
        let admissions = try await withThrowingTaskGroup(of: GateAdmission.self) { group in
            for _ in 0..<5 { group.addTask { try await gate.enter() } }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(admissions.count(where: \.isWork) == 1)
        #expect(admissions.count { $0.postponed == failure } == 4)
    }

    @Test func whoeverWaitsGoesOnWhenTheOneThatTriedHasAnAnswer() async throws {
        let gate = OutageGate()
        gate.failed(failure)
        #expect(try await gate.enter().isWork)
        async let others = [gate.enter(), gate.enter()]
        gate.answered()
        #expect(try await others.allSatisfy(\.isWork))
    }

    @Test func aTryThatFailsLetsTheNextOneTryLater() async throws {
        let gate = OutageGate(firstProbe: .milliseconds(20))
        let start = ContinuousClock.now
        for _ in 0..<3 {
            gate.failed(failure)
            #expect(try await gate.enter().isWork)
        }
        #expect(start.duration(to: .now) > .milliseconds(20 + 40 + 80))
    }

    @Test func whoIsLetInAndDoesNotTryLeavesItToTheNext() async throws {
        let gate = OutageGate(patience: .seconds(5), firstProbe: .milliseconds(1))
        gate.failed(failure)
        #expect(try await gate.enter().isWork)
        gate.withdrew(())
        #expect(try await gate.enter().isWork)
        gate.answered()
        gate.withdrew(())
        #expect(try await gate.enter().isWork)
    }

    @Test func whoIsCancelledDoesNotWait() async throws {
        let gate = OutageGate(firstProbe: .seconds(30))
        gate.failed(failure)
        let waiting = Task { try await gate.enter() }
        waiting.cancel()
        await #expect(throws: CancellationError.self) { try await waiting.value }
    }
}

extension GateAdmission {
    fileprivate var isWork: Bool { if case .work = self { true } else { false } }
    fileprivate var postponed: StageFailure? { if case .postpone(let failure) = self { failure } else { nil } }
}
