package import Contracts

package import struct Foundation.Date

/// Dead letters, those that died first at the top. The first page counts all of them by stage and reason as well.
package enum ListDeadLetters: AdminEndpoint {
    package static let route = AdminRoute(.get, "dead-letters", of: .ingest)
    package typealias Query = DeadLetterQuery
    package typealias Answer = DeadLetterPage
}

/// Which dead letters are asked for; `nil` for any.
package struct DeadLetterQuery: AdminQuery {
    package var stage: Stage?
    package var reason: String?
    package var olderThan: Duration?
    /// Whether those that were replayed or discarded are among them.
    package var includesResolved = false
    package var provider: String?
    package var limit = 100
    package var after: String?

    package init() {}

    package init(stage: Stage?, reason: String?, olderThan: Duration? = nil, provider: String?) {
        (self.stage, self.reason, self.olderThan, self.provider) = (stage, reason, olderThan, provider)
    }

    package mutating func code(_ coder: inout QueryCoder) {
        coder.choice("stage", &stage)
        coder.text("reason", &reason, "must not be empty") { !$0.isEmpty }
        coder.seconds("olderThan", &olderThan)
        coder.flag("state", &includesResolved, words: ("dead", "all"))
        coder.text("provider", &provider, "must not be empty") { !$0.isEmpty }
        coder.limit(&limit)
        coder.after(&after)
    }
}

/// Every dead letter with this id, or about the request with this id, with headers and body.
package enum ShowDeadLetters: AdminEndpoint {
    package static let route = AdminRoute(.get, "dead-letters/{id}", of: .ingest)
    package typealias Subject = AdminID
    package typealias Answer = DeadLetterPage

    package struct Query: AdminQuery {
        /// Whether headers and body come as they are, personal data included.
        package var raw = false

        package init() {}
        package mutating func code(_ coder: inout QueryCoder) { coder.flag("raw", &raw) }
    }
}

package struct DeadLetterPage: Sendable, Equatable, Codable {
    /// All of them counted, on the first page alone.
    package var groups: [DeadLetterGroup]?
    package var deadLetters: [DeadLetterEntry]
    /// Where the next page begins; absent on the last.
    package var next: String?

    package init(groups: [DeadLetterGroup]? = nil, deadLetters: [DeadLetterEntry], next: String? = nil) {
        (self.groups, self.deadLetters, self.next) = (groups, deadLetters, next)
    }
}

/// How many dead letters of a stage have the same reason.
package struct DeadLetterGroup: Sendable, Equatable, Codable {
    package var stage: Stage
    package var reason: String
    /// Whose requests they are about, where that was asked for and is known.
    package var provider: String?
    package var count: Int
    /// When the first of them died.
    package var oldest: Date

    package init(stage: Stage, reason: String, provider: String? = nil, count: Int, oldest: Date) {
        (self.stage, self.reason, self.provider) = (stage, reason, provider)
        (self.count, self.oldest) = (count, oldest)
    }
}

/// A dead letter.
package struct DeadLetterEntry: Sendable, Equatable, Codable {
    package var stage: Stage
    package var messageId: AdminID
    package var requestId: RequestID?
    package var reason: String
    package var code: String
    package var message: String
    package var attempts: Int
    package var firstFailedAt: Date?
    package var diedAt: Date
    /// How often it had been given back before; absent in the answer of an older service.
    package var replays: Int?
    package var host: String?
    package var version: String?
    /// Whether the partner was told all the same: then there is nothing to replay.
    package var told: Bool
    /// What an operator has done about it; absent as long as it waits for one.
    package var resolution: Resolution?
    // MARK: Of one letter, not in lists.
    package var headers: [String: String]?
    /// What may be shown of the body; absent when it is no JSON, or cut.
    package var body: String?
    /// Of the whole body.
    package var bodyBytes: Int?
    /// How much of it is kept, from its beginning; absent when all of it is. The whole is in the dead queue.
    package var bodyKept: Int?
    /// The SHA-256 of the whole body, in hexadecimal; absent when nothing was cut.
    package var bodySha256: String?
    /// The body as it is kept, when that was asked for.
    package var bodyBase64: String?
    package var job: JobView?

    package init(
        stage: Stage, messageId: AdminID, requestId: RequestID?, reason: String, error: StageError, attempts: Int,
        firstFailedAt: Date?, diedAt: Date, replays: Int?, host: String?, version: String?, told: Bool
    ) {
        (self.stage, self.messageId, self.requestId) = (stage, messageId, requestId)
        (self.reason, self.code, self.message, self.attempts) = (reason, error.code, error.message, attempts)
        (self.firstFailedAt, self.diedAt, self.replays) = (firstFailedAt, diedAt, replays)
        (self.host, self.version, self.told) = (host, version, told)
    }

    package struct Resolution: Sendable, Equatable, Codable {
        /// `replayed` or `discarded`.
        package var kind: String
        package var at: Date
        package var by: String
        package var why: String?
        /// How often the message had been given back before the death that this is about; absent when nobody said.
        package var replays: Int?

        package init(kind: String, at: Date, by: String, why: String? = nil, replays: Int? = nil) {
            (self.kind, self.at, self.by, self.why, self.replays) = (kind, at, by, why, replays)
        }
    }
}
