import Contracts
import Crypto

import struct Foundation.Date
import struct Foundation.UUID

/// A message that a stage gave up, as the projection keeps it for operators.
///
/// The message itself, whole, is in the stage's dead queue. What is kept here is bounded, so that letters which
/// somebody made large on purpose fill neither disk nor memory.
struct DeadLetterRecord: Sendable, Equatable {
    /// The most that is kept of a body, bytes: more than Intake's own events have.
    static let longestBody = 64 * 1024
    /// The most that is kept of a header's text, bytes.
    static let longestHeader = 1024
    /// How many headers are kept.
    static let mostHeaders = 64
    /// How many headers were left out, when there were more.
    static let leftOut = "intake-headers-left-out"

    var stage: Stage
    /// Unique within the stage, see `DeadLetterID`.
    var messageID: UUID
    /// The request that it is about; `nil` when it names none.
    var requestID: RequestID?
    var deadLettering: StageFailureRecord.DeadLettering
    /// Attempts that failed; 0 when the message does not say.
    var attempts: Int
    var firstFailedAt: Date?
    /// The host whose process gave it up.
    var host: String?
    /// The version of that process.
    var version: String?
    /// Every header that is text, a number or a truth value, as one JSON object; empty in lists.
    var headers: [UInt8] = []
    /// The body, or how it began; empty in lists.
    var body: [UInt8] = []
    /// Of the whole body.
    var bodyBytes = 0
    /// The SHA-256 of the whole body; `nil` when nothing was cut.
    var bodySHA256: [UInt8]?

    /// Takes the message over as far as it is kept.
    mutating func keep(_ headers: EventHeaders, _ body: [UInt8]) {
        self.headers = OutboxHeaders.encode(Self.bounded(headers))
        self.body = Array(body.prefix(Self.longestBody))
        bodyBytes = body.count
        bodySHA256 = body.count > Self.longestBody ? Array(SHA256.hash(data: body)) : nil
    }

    private static func bounded(_ headers: EventHeaders) -> EventHeaders {
        var bounded = EventHeaders(
            headers.all.prefix(mostHeaders).map { header in
                guard let text = header.value.string, text.utf8.count > longestHeader else { return header }
                let start = String(decoding: text.utf8.prefix(longestHeader), as: UTF8.self)
                return .init(name: header.name, value: .string("\(start)… (\(text.utf8.count) bytes)"))
            })
        let others = headers.all.count - bounded.all.count
        if others > 0 { bounded[leftOut] = .int(Int64(others)) }
        return bounded
    }
}

/// What an operator has done about a dead-lettering. A later dead-lettering of the same message is a new one.
struct DeadLetterResolution: Sendable, Equatable {
    enum Kind: String, Sendable {
        /// The stage has the message again.
        case replayed
        /// The message is gone.
        case discarded
    }

    var kind: Kind
    /// The dead-lettering that it is about, by the time that the letter told.
    var deadLetteredAt: Date
    var at: Date
    /// Who did it.
    var by: String
    /// In the operator's words; for a discard.
    var why: String?
    /// How often the message had been given back before that dead-lettering; `nil` when an earlier version of `intake`
    /// did it, which names dead-letterings by their time alone.
    var replays: Int?

    init(_ data: StageReplayed) {
        self.init(kind: .replayed, deadLetteredAt: data.diedAt, at: data.replayedAt, by: data.by, replays: data.replays)
    }

    init(_ data: StageDiscarded) {
        self.init(
            kind: .discarded, deadLetteredAt: data.diedAt, at: data.discardedAt, by: data.by, why: data.why,
            replays: data.replays)
    }

    init(kind: Kind, deadLetteredAt: Date, at: Date, by: String, why: String? = nil, replays: Int? = nil) {
        self.kind = kind
        self.deadLetteredAt = deadLetteredAt
        self.at = at
        self.by = by
        self.why = why
        self.replays = replays
    }

    /// Whether it is about this dead-lettering of the message, or one after it.
    func covers(_ deadLettering: StageFailureRecord.DeadLettering) -> Bool {
        if let replays { return replays >= deadLettering.replays }
        return deadLetteredAt >= deadLettering.at
    }
}
