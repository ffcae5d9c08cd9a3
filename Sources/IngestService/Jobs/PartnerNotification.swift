import AdminAPI
import Contracts

import struct Foundation.Date

/// Whether the partner knows the newest thing that it is to be told about a request.
struct PartnerNotification: Sendable, Equatable {
    enum State: String, Sendable {
        /// It is on its way, and no attempt has failed yet.
        case pending
        /// An attempt has failed, and another one follows.
        case retrying
        /// The partner's endpoint fails so often that it is left alone but for probes.
        case held
        /// The partner has taken it.
        case delivered
        /// It was given up, and waits for an operator.
        case failed
    }

    var state: State
    /// What it is about: 1 is the answer.
    var sequence: Int
    /// When the partner took it, when it was given up, or since when the partner is to be told.
    var since: Date
    /// Attempts that were made.
    var attempt: Int?
    /// Attempts after which it is given up.
    var of: Int?
    /// `nil` while the endpoint is left alone: what the stage once said is no time any more.
    var nextAttemptAt: Date?
    var error: StageError?
    /// What the partner answered last.
    var httpStatus: Int?

    /// As it is shown at a moment: a time that has passed is that of no next attempt.
    func shown(at now: Date) -> PartnerNotification {
        var shown = self
        if let next = nextAttemptAt, next <= now { shown.nextAttemptAt = nil }
        return shown
    }
}

extension StoredJob {
    /// `nil` as long as there is nothing to tell.
    var notification: PartnerNotification? {
        let organizationProgress = request.organizationProgress
        if let told = told(atLeast: organizationProgress.sequence) {
            return PartnerNotification(
                state: .delivered, sequence: organizationProgress.sequence, since: told.at, attempt: told.attempt)
        }
        guard let since = organizationProgress.changedAt ?? request.decision?.at else { return nil }
        let attempts = attempts
        let tries = attempts.filter { $0.sequence == organizationProgress.sequence }
        // A retry does not say what it is about: it is about the last attempt, or, where none is known, about the
        // answer.
        let retry =
            !tries.isEmpty || (attempts.isEmpty && organizationProgress.sequence == 1) ? request.retry(.callback) : nil
        // By its number, which is the same by all clocks. A message that was given back counts its attempts afresh.
        let tried =
            if let retry, retry.replays > 0 {
                tries.last { $0.attempt == retry.attempt }
            } else {
                tries.max { $0.attempt ?? 0 < $1.attempt ?? 0 }
            }
        var notification = PartnerNotification(
            state: .pending, sequence: organizationProgress.sequence, since: since,
            attempt: tried?.attempt ?? retry?.attempt,
            of: retry?.maxAttempts, nextAttemptAt: retry?.nextAttemptAt, error: tried?.error ?? retry?.error,
            httpStatus: tried?.httpStatus)
        if let deadLettering = request.dead(.callback, sequence: organizationProgress.sequence)?.currentDeadLettering {
            notification.state = .failed
            notification.since = deadLettering.at
            notification.error = deadLettering.error
            notification.nextAttemptAt = nil
        } else if let endpoint {
            notification.state = .held
            notification.nextAttemptAt = nil
            notification.error = notification.error ?? endpoint.error
        } else if notification.error != nil {
            notification.state = .retrying
        }
        return notification
    }

    /// When and at which attempt the partner took this, or something newer.
    private func told(atLeast sequence: Int) -> (at: Date, attempt: Int?)? {
        if let last = request.lastNotified, last.sequence >= sequence {
            let entry = timeline.last { $0.kind == .delivered && $0.sequence == last.sequence && $0.at == last.at }
            return (last.at, entry?.attempt)
        }
        if let receipt = request.receipt, receipt.sequence >= sequence { return (receipt.deliveredAt, receipt.attempt) }
        return nil
    }
}

/// That a partner's endpoint is left alone but for probes.
struct DegradedEndpoint: Sendable, Equatable {
    var since: Date
    /// The failure that was the last straw.
    var error: StageError
}

/// That the partner has taken something beyond the answer.
struct LastNotified: Sendable, Equatable {
    var sequence: Int
    var at: Date
}

extension NotificationView {
    /// - Parameter notification: as it is shown, see `PartnerNotification.shown`.
    init(_ notification: PartnerNotification, _ job: StoredJob) {
        self.init(
            status: notification.state.rawValue, sequence: notification.sequence, since: notification.since,
            attempt: notification.attempt, of: notification.of, nextAttemptAt: notification.nextAttemptAt,
            error: notification.error, summary: Self.summary(notification, job))
    }

    /// Without a word about now: the same state has the same summary.
    /// - Parameter partner: what the partner is called, e.g. `your system` where it reads this itself.
    static func summary(
        _ notification: PartnerNotification, _ job: StoredJob, of partner: String = "the partner"
    ) -> String {
        let request = job.request
        let news =
            if notification.sequence > RequestDecided.sequence {
                request.organizationProgress.status.rawValue
            } else {
                switch request.decision?.acceptance {
                case true?: "covered"
                case false?: "not covered"
                case nil: "decided"
                }
            }
        let since = time(notification.since)
        switch notification.state {
        case .delivered: return "\(news); \(partner) was told at \(since)"
        case .pending: return "\(news); \(partner) is being told since \(since)"
        case .failed:
            let error = notification.error.map { " (\($0.code))" } ?? ""
            return "\(news); telling \(partner) was given up at \(since)\(error)"
        case .retrying, .held:
            let attempt = notification.attempt.map { attempt in
                ", attempt \(attempt)" + (notification.of.map { " of \($0)" } ?? "")
            }
            let held = job.endpoint.map { "; its endpoint is left alone but for probes since \(time($0.since))" }
            return "\(news); \(partner) is not told yet, waiting since \(since)\(attempt ?? "")\(held ?? "")"
        }
    }

    /// `14:02 UTC on 2026-11-22`.
    private static func time(_ date: Date) -> String {
        let text = Timestamp.string(date)
        return "\(text.dropFirst(11).prefix(5)) UTC on \(text.prefix(10))"
    }
}
