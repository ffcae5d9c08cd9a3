import Contracts
import Foundation

/// A dead letter as the admin API shows it.
struct DeadLetterView: Sendable, Encodable {
    var stage: Stage
    var messageId: String
    var requestId: RequestID?
    var reason: String
    var code: String
    var message: String
    var attempts: Int
    var firstFailedAt: Date?
    var diedAt: Date
    /// How often it had been given back before.
    var replays: Int
    var host: String?
    var version: String?
    /// Whether the partner was told all the same: then there is nothing to replay.
    var told: Bool
    var resolution: Resolution?
    // MARK: Of one letter, not in lists.
    var headers: [String: String]?
    /// What may be shown of the body; absent when it is no JSON, or cut.
    var body: String?
    /// Of the whole body.
    var bodyBytes: Int?
    /// How much of it is kept, from its beginning; absent when all of it is. The whole is in the dead queue.
    var bodyKept: Int?
    /// The SHA-256 of the whole body, in hexadecimal; absent when nothing was cut.
    var bodySha256: String?
    /// The body as it is kept, when that was asked for.
    var bodyBase64: String?
    var job: JobView?

    struct Resolution: Sendable, Encodable {
        /// `replayed` or `discarded`.
        var kind: String
        var at: Date
        var by: String
        var why: String?
        var replays: Int?

        init(_ resolution: DeadLetterResolution) {
            kind = resolution.kind.rawValue
            at = resolution.at
            by = resolution.by
            why = resolution.why
            replays = resolution.replays
        }
    }

    init(_ letter: StoredDeadLetter) {
        let dead = letter.message
        stage = dead.stage
        messageId = dead.messageID.canonical
        requestId = dead.requestID
        reason = dead.deadLettering.reason.rawValue
        code = dead.deadLettering.error.code
        message = dead.deadLettering.error.message
        attempts = dead.attempts
        firstFailedAt = dead.firstFailedAt
        diedAt = dead.deadLettering.at
        replays = dead.deadLettering.replays
        host = dead.host
        version = dead.version
        told = letter.isTold
        resolution = letter.resolution.map(Resolution.init)
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
