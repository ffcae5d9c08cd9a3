import Contracts
import ServiceRuntime
import Testing

@Suite struct RetryPolicyTests {
    let tiers: [RetryTier] = [.seconds(1), .seconds(5), .minutes(2)]
    var policy: RetryPolicy { RetryPolicy(schedule: tiers) }

    private func verdict(_ kind: StageFailure.Kind, after failed: Int) -> RetryPolicy.Verdict {
        policy.verdict(on: kind, failedAttempts: failed, tiers: tiers)
    }

    @Test func transientFailuresClimbTheTiersAndThenDie() {
        #expect(verdict(.transient(retryAfter: nil), after: 0) == .retry(.seconds(1), attempts: 1))
        #expect(verdict(.transient(retryAfter: nil), after: 1) == .retry(.seconds(5), attempts: 2))
        #expect(verdict(.transient(retryAfter: nil), after: 2) == .retry(.minutes(2), attempts: 3))
        #expect(verdict(.transient(retryAfter: nil), after: 3) == .dead(.outOfAttempts))
        #expect(verdict(.transient(retryAfter: nil), after: Int.max) == .dead(.outOfAttempts))
        #expect(policy.maxAttempts == 4)
    }

    @Test func retryAfterOnlyEverLengthens() {
        #expect(verdict(.transient(retryAfter: .seconds(3)), after: 0) == .retry(.seconds(5), attempts: 1))
        #expect(verdict(.transient(retryAfter: .seconds(1)), after: 1) == .retry(.seconds(5), attempts: 2))
        #expect(verdict(.transient(retryAfter: .seconds(9999)), after: 0) == .retry(.minutes(2), attempts: 1))
    }

    @Test func permanentFailuresDieAtOnce() {
        #expect(verdict(.permanent, after: 0) == .dead(.permanent))
    }

    @Test func outagesSpendNoAttempts() {
        #expect(verdict(.outage(retryAfter: nil), after: 0) == .retry(.seconds(5), attempts: 0))
        #expect(verdict(.outage(retryAfter: nil), after: 3) == .retry(.seconds(5), attempts: 3))
        #expect(verdict(.outage(retryAfter: .seconds(60)), after: 0) == .retry(.minutes(2), attempts: 0))
    }

    @Test func whatFailedTogetherDoesNotComeBackTogether() {
        var generator = SystemRandomNumberGenerator()
        func waits(_ kind: StageFailure.Kind) -> [Duration] {
            (0..<200).map { _ in RetryPolicy.wait(in: .seconds(5), after: kind, using: &generator) }
        }
        for kind in [StageFailure.Kind.transient(retryAfter: nil), .outage(retryAfter: nil)] {
            let waits = waits(kind)
            #expect(waits.allSatisfy { $0 >= .seconds(4) && $0 <= .seconds(6) })
            #expect(waits.contains { $0 < .seconds(5) } && waits.contains { $0 > .seconds(5) })
            #expect(Set(waits).count > 100)
        }
        let asked = waits(.transient(retryAfter: .seconds(5)))
        #expect(asked.allSatisfy { $0 >= .seconds(5) && $0 <= .seconds(6) }, "never sooner than it was asked for")
    }

    @Test func everyStageHasAPolicyOfItsOwnTiers() {
        for stage in Stage.allCases {
            #expect(RetryPolicy.standard(stage).schedule.allSatisfy(Topology.tiers(stage).contains))
        }
        #expect(
            RetryPolicy.standard(.callback).schedule.map(\.name)
                == ["5s", "30s", "2m", "10m", "1h", "3h", "6h", "12h", "24h", "24h"])
    }
}
