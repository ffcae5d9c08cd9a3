import struct Foundation.Date

/// What the admin API knows of the callbacks about a request.
struct CallbackAttempts: Sendable, Equatable, Codable {
    var request: AdminID
    var provider: String
    /// How far the newest notification is; absent before there is something to tell.
    var notification: Notification?
    var attempts: [Attempt]
    /// Present while the provider's endpoint is taken to be away.
    var endpoint: Endpoint?

    struct Notification: Sendable, Equatable, Codable {
        var status: String
        var summary: String?
        var attempt: Int?
        /// How many attempts are made at most.
        var of: Int?
        var since: Date?
        var nextAttemptAt: Date?
    }

    struct Attempt: Sendable, Equatable, Codable {
        var at: Date
        /// 1 for the decision, more for what followed it.
        var sequence: Int
        var attempt: Int
        var durationMs: Int?
        var addressFamily: String?
        var httpStatus: Int?
        var error: Trouble?
        /// The beginning of the partner's answer.
        var excerpt: String?
        var delivered: Bool
    }

    struct Trouble: Sendable, Equatable, Codable {
        var code: String
        var message: String?
    }

    struct Endpoint: Sendable, Equatable, Codable {
        var degradedSince: Date?
        var error: Trouble?
    }
}
