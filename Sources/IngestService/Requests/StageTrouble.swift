import Contracts

import struct Foundation.Date

/// What is known of a stage that could not do its work: that it tries again, that it gave up, or both, one after the
/// other. The newest of each kind counts.
struct StageTrouble: Sendable, Equatable {
    var retry: Retry?
    var death: Death?

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
    }

    /// The death, unless the stage has tried again since: an operator has replayed the message.
    var currentDeath: Death? {
        guard let death else { return nil }
        if let retry, retry.at > death.at { return nil }
        return death
    }

    /// The wait for the next attempt, unless the stage has given up since.
    var currentRetry: Retry? { currentDeath == nil ? retry : nil }
}
