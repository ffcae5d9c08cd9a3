package import struct Foundation.Date
package import struct Foundation.UUID

/// A stage failed for now; the message waits in a retry queue.
package struct StageRetrying: EventData {
    package static let type = EventType.stageRetrying

    package var stage = Stage.geocode
    /// Attempts spent so far, from 0: an outage of a dependency spends none.
    package var attempt = 0
    /// Attempts after which the message is dead.
    package var maxAttempts = 0
    package var nextAttemptAt = Date.unset
    package var error = StageError()
    /// The message that waits, by what its dead letter would be called, see `DeadLetterID`; absent before version 1.1.
    package var messageID: UUID?
    /// How often operators had given the message back to the stage by then.
    package var replays = 0

    package init() {}

    package init(
        stage: Stage, attempt: Int, maxAttempts: Int, nextAttemptAt: Date, error: StageError, messageID: UUID? = nil,
        replays: Int = 0
    ) {
        self.stage = stage
        self.attempt = attempt
        self.maxAttempts = maxAttempts
        self.nextAttemptAt = nextAttemptAt
        self.error = error
        self.messageID = messageID
        self.replays = replays
    }

    package mutating func code(_ coder: inout FieldCoder) throws(ContractError) {
        try coder.field("stage", &stage)
        try coder.field("attempt", &attempt)
        try coder.field("maxAttempts", &maxAttempts)
        try coder.field("nextAttemptAt", &nextAttemptAt)
        try coder.field("error", &error)
        try coder.field("messageId", &messageID)
        try coder.field("replays", &replays, absent: 0, isAlwaysWritten: false)
    }
}

/// An operator has given a dead letter back to its stage, with a fresh count of attempts.
///
/// The event's subject is the request that the letter is about; the letter's own id when it names none.
package struct StageReplayed: EventData {
    package static let type = EventType.stageReplayed

    package var stage = Stage.geocode
    /// The dead letter's id, see `DeadLetterID`.
    package var messageID = UUID.unset
    /// The death that is undone, by the time that the letter tells.
    package var diedAt = Date.unset
    /// Who did it.
    package var by = ""
    package var replayedAt = Date.unset
    /// How often the message had been given back before that death: the death is known by this number, and only where
    /// it is absent (before version 1.1) by its time.
    package var replays: Int?

    package init() {}

    package init(stage: Stage, messageID: UUID, diedAt: Date, by: String, replayedAt: Date, replays: Int? = nil) {
        self.stage = stage
        self.messageID = messageID
        self.diedAt = diedAt
        self.by = by
        self.replayedAt = replayedAt
        self.replays = replays
    }

    package mutating func code(_ coder: inout FieldCoder) throws(ContractError) {
        try coder.field("stage", &stage)
        try coder.field("messageId", &messageID)
        try coder.field("diedAt", &diedAt)
        try coder.field("by", &by)
        try coder.field("replayedAt", &replayedAt)
        try coder.field("replays", &replays)
    }
}

/// An operator has thrown a dead letter away: its request stays failed.
///
/// The event's subject is the request that the letter is about; the letter's own id when it names none.
package struct StageDiscarded: EventData {
    package static let type = EventType.stageDiscarded

    package var stage = Stage.geocode
    /// The dead letter's id, see `DeadLetterID`.
    package var messageID = UUID.unset
    /// The death that is final with this, by the time that the letter tells.
    package var diedAt = Date.unset
    /// Who did it.
    package var by = ""
    /// In the operator's words; shown on the job.
    package var why = ""
    package var discardedAt = Date.unset
    /// How often the message had been given back before that death: the death is known by this number, and only where
    /// it is absent (before version 1.1) by its time.
    package var replays: Int?

    package init() {}

    package init(
        stage: Stage, messageID: UUID, diedAt: Date, by: String, why: String, discardedAt: Date, replays: Int? = nil
    ) {
        self.stage = stage
        self.messageID = messageID
        self.diedAt = diedAt
        self.by = by
        self.why = why
        self.discardedAt = discardedAt
        self.replays = replays
    }

    package mutating func code(_ coder: inout FieldCoder) throws(ContractError) {
        try coder.field("stage", &stage)
        try coder.field("messageId", &messageID)
        try coder.field("diedAt", &diedAt)
        try coder.field("by", &by)
        try coder.field("why", &why)
        try coder.field("discardedAt", &discardedAt)
        try coder.field("replays", &replays)
    }
}
