package import struct Foundation.Date
package import struct Foundation.UUID

/// An operator has given a dead letter back to its stage, with a fresh count of attempts.
///
/// The event's subject is the request that the letter is about; the letter's own id when it names none.
package struct StageReplayed: EventData {
    package static let type = EventType.stageReplayed

    package var stage: Stage
    /// The dead letter's id, see `DeadLetterID`.
    package var messageID: UUID
    /// The death that is undone, by the time that the letter tells.
    package var diedAt: Date
    /// Who did it.
    package var by: String
    package var replayedAt: Date
    /// How often the message had been given back before that death: the death is known by this number, and only where
    /// it is absent (before version 1.1) by its time.
    package var replays: Int?

    package init(stage: Stage, messageID: UUID, diedAt: Date, by: String, replayedAt: Date, replays: Int? = nil) {
        self.stage = stage
        self.messageID = messageID
        self.diedAt = diedAt
        self.by = by
        self.replayedAt = replayedAt
        self.replays = replays
    }

    package init(_ fields: EventFields) throws(ContractError) {
        stage = try fields.code("stage")
        messageID = try fields.id("messageId")
        diedAt = try fields.time("diedAt")
        by = try fields.string("by")
        replayedAt = try fields.time("replayedAt")
        replays = try fields.intIfPresent("replays")
    }

    package func write(to object: inout JSONObjectText) {
        object.add("stage", stage.rawValue)
        object.add("messageId", messageID.canonical)
        object.add("diedAt", Timestamp.string(diedAt))
        object.add("by", by)
        object.add("replayedAt", Timestamp.string(replayedAt))
        object.add("replays", replays)
    }
}
