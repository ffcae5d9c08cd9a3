package import struct Foundation.Date
package import struct Foundation.UUID

/// A stage failed for now; the message waits in a retry queue.
package struct StageRetrying: EventData {
    package static let type = EventType.stageRetrying

    package var stage: Stage
    /// Attempts spent so far, from 0: an outage of a dependency spends none.
    package var attempt: Int
    /// Attempts after which the message is dead.
    package var maxAttempts: Int
    package var nextAttemptAt: Date
    package var error: StageError
    /// The message that waits, by what its dead letter would be called, see `DeadLetterID`; absent before version 1.1.
    package var messageID: UUID?
    /// How often operators had given the message back to the stage by then.
    package var replays: Int

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

    package init(_ fields: EventFields) throws(ContractError) {
        stage = try fields.code("stage")
        attempt = try fields.int("attempt")
        maxAttempts = try fields.int("maxAttempts")
        nextAttemptAt = try fields.time("nextAttemptAt")
        error = try StageError(try fields.fields("error"))
        messageID = try fields.idIfPresent("messageId")
        replays = try fields.intIfPresent("replays") ?? 0
    }

    package func write(to object: inout JSONObjectText) throws(ContractError) {
        object.add("stage", stage.rawValue)
        object.add("attempt", attempt)
        object.add("maxAttempts", maxAttempts)
        object.add("nextAttemptAt", Timestamp.string(nextAttemptAt))
        try object.add("error", error.write)
        object.add("messageId", messageID?.canonical)
        if replays != 0 { object.add("replays", replays) }
    }
}

/// What went wrong in a stage, in a form that may be shown to the partner: no secret, no personal data.
package struct StageError: Codable, Sendable, Equatable {
    /// Lower-case words joined by hyphens, stable, e.g. `connection-refused`.
    package var code: String
    /// One sentence for people.
    package var message: String

    package init(code: String, message: String) {
        self.code = code
        self.message = message
    }

    init(_ fields: EventFields) throws(ContractError) {
        code = try fields.string("code")
        message = try fields.string("message")
    }

    func write(to object: inout JSONObjectText) {
        object.add("code", code)
        object.add("message", message)
    }
}
