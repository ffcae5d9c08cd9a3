import Contracts
import Foundation

/// A place in the list of dead letters, as text `<milliseconds>.<stage>.<id>`.
struct DeadLetterCursor: Sendable, Equatable, LosslessStringConvertible {
    var diedAt: Date
    var stage: Stage
    var messageID: UUID

    init(_ message: DeadMessage) {
        diedAt = message.death.at
        stage = message.stage
        messageID = message.messageID
    }

    init?(_ description: String) {
        let parts = description.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 3, let milliseconds = Int64(foreign: parts[0]), let stage = Stage(rawValue: parts[1]),
            let id = UUID(canonical: parts[2])
        else { return nil }
        diedAt = Date(milliseconds: milliseconds)
        self.stage = stage
        messageID = id
    }

    var description: String { "\(diedAt.milliseconds).\(stage.rawValue).\(messageID.canonical)" }
}
