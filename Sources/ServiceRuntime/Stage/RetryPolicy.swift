package import Contracts

/// How often a stage tries a message, and how long it waits in between.
package struct RetryPolicy: Sendable, Equatable {
    /// The tier to wait in after the first failed attempt, the second, …
    package var schedule: [RetryTier]

    package init(schedule: [RetryTier]) { self.schedule = schedule }

    /// Each of the stage's tiers once, shortest first, and the longest once more. Callbacks begin with five seconds: a
    /// partner's trouble is seldom over in one.
    package static func standard(_ stage: Stage) -> RetryPolicy {
        let tiers =
            switch stage {
            case .geocode, .decision, .progress: Topology.tiers(stage)
            case .callback: Topology.tiers(stage).filter { $0.delay >= .seconds(5) }
            }
        return RetryPolicy(schedule: tiers + tiers.suffix(1))
    }

    /// After how many failed attempts a message is dead.
    package var maxAttempts: Int { schedule.count + 1 }

    /// What becomes of a message.
    package enum Verdict: Sendable, Equatable {
        /// It waits in the tier. `attempts` is the number of failed attempts that it carries from now on.
        case retry(RetryTier, attempts: Int)
        case dead(DeadReason)
    }

    /// - Parameters:
    ///   - failedAttempts: attempts that had failed before this one.
    ///   - tiers: the stage's waiting times, shortest first.
    package func verdict(on failure: StageFailure.Kind, failedAttempts: Int, tiers: [RetryTier]) -> Verdict {
        switch failure {
        case .permanent:
            return .dead(.permanent)
        case .transient(let retryAfter):
            guard failedAttempts < schedule.count else { return .dead(.outOfAttempts) }
            let tier = schedule[max(0, failedAttempts)]
            return .retry(Self.tier(tier, atLeast: retryAfter, of: tiers), attempts: failedAttempts + 1)
        case .outage(let retryAfter):
            guard let shortest = schedule.first ?? tiers.first else { return .dead(.outOfAttempts) }
            // Five seconds if there is such a tier: long enough not to hammer what is away.
            let tier = Self.tier(shortest, atLeast: max(retryAfter ?? .zero, .seconds(5)), of: tiers)
            return .retry(tier, attempts: failedAttempts)
        }
    }

    /// How long one message waits in a tier: up to a fifth less or more, so that what failed together does not come
    /// back together; never less than the dependency asked for.
    package static func wait(
        in tier: RetryTier, after failure: StageFailure.Kind, using generator: inout some RandomNumberGenerator
    ) -> Duration {
        let least =
            switch failure {
            case .transient(_?), .outage(_?): 1.0
            case .transient(nil), .outage(nil), .permanent: 1 - RetryTier.jitter
            }
        return tier.delay * Double.random(in: least...1 + RetryTier.jitter, using: &generator)
    }

    /// The shortest tier that is not shorter than both; the longest there is when none is.
    private static func tier(_ scheduled: RetryTier, atLeast wish: Duration?, of tiers: [RetryTier]) -> RetryTier {
        guard let wish, wish > scheduled.delay else { return scheduled }
        return tiers.first { $0.delay >= wish } ?? tiers.last ?? scheduled
    }
}
