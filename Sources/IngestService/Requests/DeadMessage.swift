import Contracts

import struct Foundation.Date
import struct Foundation.UUID

/// A message that a stage gave up, as the projection keeps it for operators.
struct DeadMessage: Sendable, Equatable {
    var stage: Stage
    /// Unique within the stage, see `DeadLetterID`.
    var messageID: UUID
    /// The request that it is about; `nil` when it names none.
    var requestID: RequestID?
    var death: StageTrouble.Death
    /// Attempts that failed; 0 when the message does not say.
    var attempts: Int
    var firstFailedAt: Date?
    /// The host whose process gave it up.
    var host: String?
    /// The version of that process.
    var version: String?
    /// Every header that is text, a number or a truth value, as one JSON object.
    var headers: [UInt8]
    var body: [UInt8]
}
