package import struct Foundation.Date
package import struct Foundation.UUID

/// An operator has thrown a dead letter away: its request stays failed.
///
/// The event's subject is the request that the letter is about; the letter's own id when it names none.
package struct StageDiscarded: EventData {
    package static let type = EventType.stageDiscarded

    package var stage: Stage
    /// The dead letter's id, see `DeadLetterID`.
    package var messageID: UUID
    /// The death that is final with this, by the time that the letter tells.
    package var diedAt: Date
    /// Who did it.
    package var by: String
    /// In the operator's words; shown on the job.
    package var why: String
    package var discardedAt: Date
    /// How often the message had been given back before that death: the death is known by this number, and only where
    /// it is absent (before version 1.1) by its time.
    package var replays: Int?

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

    package init(_ fields: EventFields) throws(ContractError) {
        stage = try fields.code("stage")
        messageID = try fields.id("messageId")
        diedAt = try fields.time("diedAt")
        by = try fields.string("by")
        why = try fields.string("why")
        discardedAt = try fields.time("discardedAt")
        replays = try fields.intIfPresent("replays")
    }

    package func write(to object: inout JSONObjectText) {
        object.add("stage", stage.rawValue)
        object.add("messageId", messageID.canonical)
        object.add("diedAt", Timestamp.string(diedAt))
        object.add("by", by)
        object.add("why", why)
        object.add("discardedAt", Timestamp.string(discardedAt))
        object.add("replays", replays)
    }
}
