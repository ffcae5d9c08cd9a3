import AdminAPI
import Contracts
import Foundation

extension DeadLetterEntry {
    init(_ letter: StoredDeadLetter) {
        let dead = letter.message
        self.init(
            stage: dead.stage, messageId: AdminID(dead.messageID), requestId: dead.requestID,
            reason: dead.deadLettering.reason.rawValue, error: dead.deadLettering.error, attempts: dead.attempts,
            firstFailedAt: dead.firstFailedAt, diedAt: dead.deadLettering.at, replays: dead.deadLettering.replays,
            host: dead.host, version: dead.version, told: letter.isTold)
        resolution = letter.resolution.map { done in
            Resolution(kind: done.kind.rawValue, at: done.at, by: done.by, why: done.why, replays: done.replays)
        }
    }

    /// Adds headers and body.
    /// - Parameter isRaw: whether personal data may be shown.
    mutating func show(_ message: DeadLetterRecord, isRaw: Bool) {
        bodyBytes = message.bodyBytes
        bodyKept = message.body.count < message.bodyBytes ? message.body.count : nil
        bodySha256 = message.bodySHA256.map { $0.map { String(format: "%02x", $0) }.joined() }
        headers = Redaction.headers(message.headers, isRaw: isRaw)
        if isRaw {
            bodyBase64 = Data(message.body).base64EncodedString()
        } else {
            body = Redaction.body(message.body)
        }
    }
}
