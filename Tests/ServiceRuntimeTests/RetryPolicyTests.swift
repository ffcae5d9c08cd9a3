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

    @Test func everyStageHasAPolicyOfItsOwnTiers() {
        for stage in Stage.allCases {
            #expect(RetryPolicy.standard(stage).schedule.allSatisfy(Topology.tiers(stage).contains))
        }
        #expect(RetryPolicy.standard(.callback).maxAttempts == 12)
    }
}
