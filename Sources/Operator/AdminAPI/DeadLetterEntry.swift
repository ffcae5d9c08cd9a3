import Contracts

import struct Foundation.Date

/// A dead letter as the admin API shows it.
struct DeadLetterEntry: Sendable, Equatable, Codable {
    var stage: Stage
    var messageId: AdminID
    var requestId: AdminID?
    var reason: String
    var code: String
    var message: String
    var attempts: Int
    var firstFailedAt: Date?
    var diedAt: Date
    /// How often it had been given back before that; absent in the answer of an older service.
    var replays: Int?
    var host: String?
    var version: String?
    /// Whether the partner was told all the same.
    var told: Bool
    /// What an operator has done about it; absent as long as it waits for one.
    var resolution: Resolution?
    // MARK: Of one letter, not in lists.
    var headers: [String: String]?
    var body: String?
    /// Of the whole body.
    var bodyBytes: Int?
    /// How much of it is kept beside the queue; absent when all of it is.
    var bodyKept: Int?
    /// The SHA-256 of the whole body, in hexadecimal.
    var bodySha256: String?
    var bodyBase64: String?
    var job: Job?

    struct Resolution: Sendable, Equatable, Codable {
        var kind: String
        var at: Date
        var by: String
        var why: String?
        /// How often the message had been given back before the death that this is about; absent when nobody said.
        var replays: Int?
    }

    struct Job: Sendable, Equatable, Codable {
        var status: String
        var stage: Stage?
    }
}
