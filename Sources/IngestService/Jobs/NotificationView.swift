import Contracts

import struct Foundation.Date

/// Whether the partner knows the newest, as the API shows it.
struct NotificationView: Sendable, Encodable {
    /// `pending`, `retrying`, `held`, `delivered` or `failed`.
    var status: String
    /// Which of the things that the partner is told it is about; 1 is the answer.
    var sequence: Int
    var since: Date
    var attempt: Int?
    var of: Int?
    var nextAttemptAt: Date?
    var error: StageError?
    /// One sentence for people.
    var summary: String

    init(_ notification: PartnerNotification, _ job: StoredJob) {
        status = notification.state.rawValue
        sequence = notification.sequence
        since = notification.since
        attempt = notification.attempt
        of = notification.of
        nextAttemptAt = notification.nextAttemptAt
        error = notification.error
        summary = Self.summary(notification, job)
    }

    /// Without a word about now: the same state has the same summary.
    private static func summary(_ notification: PartnerNotification, _ job: StoredJob) -> String {
        let request = job.request
        let news =
            if notification.sequence > RequestDecided.sequence {
                request.standing.status.rawValue
            } else {
                switch request.decision?.acceptance {
                case true?: "covered"
                case false?: "not covered"
                case nil: "decided"
                }
            }
        let since = time(notification.since)
        switch notification.state {
        case .delivered: return "\(news); the partner was told at \(since)"
        case .pending: return "\(news); the partner is being told since \(since)"
        case .failed:
            let error = notification.error.map { " (\($0.code))" } ?? ""
            return "\(news); telling the partner was given up at \(since)\(error)"
        case .retrying, .held:
            let attempt = notification.attempt.map { attempt in
                ", attempt \(attempt)" + (notification.of.map { " of \($0)" } ?? "")
            }
            let held = job.endpoint.map { "; its endpoint is left alone but for probes since \(time($0.since))" }
            return "\(news); the partner has not been told since \(since)\(attempt ?? "")\(held ?? "")"
        }
    }

    /// `14:02 UTC on 2026-11-22`.
    private static func time(_ date: Date) -> String {
        let text = Timestamp.string(date)
        return "\(text.dropFirst(11).prefix(5)) UTC on \(text.prefix(10))"
    }
}
