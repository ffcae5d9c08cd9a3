import Contracts

import struct Foundation.Date

/// How often a partner was called about a request, as the admin API shows it.
struct AttemptsView: Sendable, Encodable {
    var request: RequestID
    var provider: String
    var notification: NotificationView?
    var attempts: [Attempt]
    /// Set while the partner's endpoint is left alone.
    var endpoint: Endpoint?

    struct Attempt: Sendable, Encodable {
        var at: Date
        var sequence: Int
        var attempt: Int
        var durationMs: Int?
        var addressFamily: String?
        var httpStatus: Int?
        var error: StageError?
        var excerpt: String?
        var delivered: Bool
    }

    struct Endpoint: Sendable, Encodable {
        var degradedSince: Date
        var error: StageError
    }

    init(_ job: StoredJob) {
        request = job.request.id
        provider = job.request.provider.id
        notification = job.notification.map { NotificationView($0, job) }
        attempts = job.attempts.map { entry in
            Attempt(
                at: entry.at, sequence: entry.sequence ?? RequestDecided.sequence, attempt: entry.attempt ?? 1,
                durationMs: entry.durationMilliseconds, addressFamily: entry.addressFamily?.rawValue,
                httpStatus: entry.httpStatus, error: entry.error, excerpt: entry.excerpt,
                delivered: entry.kind == .delivered)
        }
        endpoint = job.endpoint.map { Endpoint(degradedSince: $0.since, error: $0.error) }
    }
}
