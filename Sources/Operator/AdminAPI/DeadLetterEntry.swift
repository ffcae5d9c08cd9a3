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
    var host: String?
    var version: String?
    /// Whether the partner was told all the same.
    var told: Bool
    /// What an operator has done about it; absent as long as it waits for one.
    var resolution: Resolution?
    // MARK: Of one letter, not in lists.
    var headers: [String: String]?
    var body: String?
    var bodyBytes: Int?
    var bodyBase64: String?
    var job: Job?

    struct Resolution: Sendable, Equatable, Codable {
        var kind: String
        var at: Date
        var by: String
        var why: String?
    }

    struct Job: Sendable, Equatable, Codable {
        var status: String
        var stage: Stage?
    }
}
