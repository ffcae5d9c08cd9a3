import Contracts

import struct Foundation.Date
import struct Foundation.UUID

/// What is known of one message that a stage could not work off: that it waits to be tried again, that it was given up,
/// what an operator did about that, or all of it, one after the other. The newest of each kind counts.
///
/// What is newer is told by counts that travel with the message: how often operators have given it back (`replays`, its
/// lives, so to speak), and within one of these its attempts. Times come from the clocks of several hosts. They are
/// shown, and decide only between things that are alike.
struct StageFailureRecord: Sendable, Equatable {
    var stage: Stage
    /// `nil` for what an earlier version said, which named no message.
    var messageID: UUID?
    var retry: Retry?
    var deadLettering: DeadLettering?
    var resolution: DeadLetterResolution?

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
        /// How often the message had been given back by then.
        var replays: Int

        init(_ data: StageRetrying, at: Date) {
            self.init(
                at: at, attempt: data.attempt, maxAttempts: data.maxAttempts, nextAttemptAt: data.nextAttemptAt,
                error: data.error, replays: data.replays)
        }

        init(at: Date, attempt: Int, maxAttempts: Int, nextAttemptAt: Date, error: StageError, replays: Int = 0) {
            self.at = at
            self.attempt = attempt
            self.maxAttempts = maxAttempts
            self.nextAttemptAt = nextAttemptAt
            self.error = error
            self.replays = replays
        }
    }

    /// The stage's message is in its dead queue.
    struct DeadLettering: Sendable, Equatable {
        /// When the stage gave up.
        var at: Date
        var reason: DeadReason
        var error: StageError
        /// For a callback: which of the things that the partner is told about the request; `nil` is the answer.
        var sequence: Int?
        /// How often the message had been given back before.
        var replays = 0
    }

    /// The dead-lettering, unless an operator has given the message back since. Nothing else undoes one: a retry that
    /// is told beside it came before it, or after such a replay.
    var currentDeadLettering: DeadLettering? {
        guard let deadLettering else { return nil }
        if let resolution, resolution.kind == .replayed, resolution.covers(deadLettering) { return nil }
        return deadLettering
    }

    /// What an operator did about the dead-lettering that counts; `nil` when nothing yet.
    var currentDiscard: DeadLetterResolution? {
        guard let deadLettering = currentDeadLettering, let resolution, resolution.kind == .discarded,
            resolution.covers(deadLettering)
        else { return nil }
        return resolution
    }

    /// The wait for the next attempt. What was before a dead-lettering, replayed or not, is over.
    var currentRetry: Retry? {
        guard let retry, retry.replays > deadLettering?.replays ?? -1 else { return nil }
        return retry
    }
}

extension StoredRequest {
    /// Of a stage's messages that are dead, the one about the newest thing.
    /// - Parameter sequence: only of this one; `nil` for any.
    func dead(_ stage: Stage, sequence: Int? = nil) -> StageFailureRecord? {
        stageFailures
            .filter { trouble in
                guard trouble.stage == stage, let deadLettering = trouble.currentDeadLettering else { return false }
                return sequence == nil || sequence == deadLettering.sequence ?? RequestDecided.sequence
            }
            .max { Self.rank($0) < Self.rank($1) }
    }

    private static func rank(_ trouble: StageFailureRecord) -> (Int, Int, Date, String) {
        (
            trouble.deadLettering?.sequence ?? RequestDecided.sequence, trouble.deadLettering?.replays ?? 0,
            trouble.deadLettering?.at ?? .distantPast, trouble.messageID?.canonical ?? ""
        )
    }

    /// The stage's wait for its next attempt. Where several messages wait, the one that was told of last: it is only
    /// shown.
    func retry(_ stage: Stage) -> StageFailureRecord.Retry? {
        let known = stageFailures.filter { $0.stage == stage }
        let hasDied = known.contains { $0.deadLettering != nil }
        // A wait that names no message may have been before any dead-lettering.
        return known.filter { $0.messageID != nil || !hasDied }
            .compactMap(\.currentRetry)
            .max { ($0.at, $0.attempt) < ($1.at, $1.attempt) }
    }
}
