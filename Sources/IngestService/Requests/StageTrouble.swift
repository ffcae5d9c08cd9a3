import Contracts

import struct Foundation.Date

/// What is known of a stage that could not do its work: that it tries again, that it gave up, what an operator did about
/// that, or all of it, one after the other. The newest of each kind counts.
struct StageTrouble: Sendable, Equatable {
    var retry: Retry?
    var death: Death?
    var resolution: DeathResolution?

    /// The stage waits to try again.
    struct Retry: Sendable, Equatable {
        /// When the stage said so.
        var at: Date
        /// Attempts spent so far.
        var attempt: Int
        /// Attempts after which the stage gives up.
        var maxAttempts: Int
        var nextAttemptAt: Date
        var error: StageError

        init(_ data: StageRetrying, at: Date) {
            self.init(
                at: at, attempt: data.attempt, maxAttempts: data.maxAttempts, nextAttemptAt: data.nextAttemptAt,
                error: data.error)
        }

        init(at: Date, attempt: Int, maxAttempts: Int, nextAttemptAt: Date, error: StageError) {
            self.at = at
            self.attempt = attempt
            self.maxAttempts = maxAttempts
            self.nextAttemptAt = nextAttemptAt
            self.error = error
        }
    }

    /// The stage's message is in its dead queue.
    struct Death: Sendable, Equatable {
        /// When the stage gave up.
        var at: Date
        var reason: DeadReason
        var error: StageError
        /// For a callback: which of the things that the partner is told about the request; `nil` is the answer.
        var sequence: Int?
    }

    /// The death, unless an operator has replayed the message, or the stage has tried again since, which comes to the same.
    var currentDeath: Death? {
        guard let death else { return nil }
        if let retry, retry.at > death.at { return nil }
        if let resolution, resolution.kind == .replayed, resolution.deathAt >= death.at { return nil }
        return death
    }

    /// What an operator did about the death that counts; `nil` when nothing yet.
    var currentDiscard: DeathResolution? {
        guard let death = currentDeath, let resolution, resolution.kind == .discarded, resolution.deathAt >= death.at
        else { return nil }
        return resolution
    }

    /// The wait for the next attempt. What was before a death, replayed or not, is over.
    var currentRetry: Retry? {
        guard let retry, retry.at > death?.at ?? .distantPast else { return nil }
        return retry
    }
}
