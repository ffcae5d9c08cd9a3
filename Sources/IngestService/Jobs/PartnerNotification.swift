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
    var nextAttemptAt: Date?
    var error: StageError?
}

extension StoredJob {
    /// `nil` as long as there is nothing to tell.
    var notification: PartnerNotification? {
        let standing = request.standing
        if let told = told(atLeast: standing.sequence) {
            return PartnerNotification(
                state: .delivered, sequence: standing.sequence, since: told.at, attempt: told.attempt)
        }
        guard let since = standing.changedAt ?? request.decision?.at else { return nil }
        let attempts = attempts
        let tries = attempts.filter { $0.sequence == standing.sequence }
        // A retry does not say what it is about: it is about the last attempt, or, where none is known, about the answer.
        let retry = !tries.isEmpty || (attempts.isEmpty && standing.sequence == 1) ? request.retry(.callback) : nil
        // By its number, which is the same by all clocks. A message that was given back counts its attempts afresh.
        let tried =
            if let retry, retry.replays > 0 {
                tries.last { $0.attempt == retry.attempt }
            } else {
                tries.max { $0.attempt ?? 0 < $1.attempt ?? 0 }
            }
        var notification = PartnerNotification(
            state: .pending, sequence: standing.sequence, since: since, attempt: tried?.attempt ?? retry?.attempt,
            of: retry?.maxAttempts, nextAttemptAt: retry?.nextAttemptAt, error: tried?.error ?? retry?.error)
        if let death = request.dead(.callback, sequence: standing.sequence)?.currentDeath {
            notification.state = .failed
            notification.since = death.at
            notification.error = death.error
            notification.nextAttemptAt = nil
        } else if let endpoint {
            notification.state = .held
            notification.error = notification.error ?? endpoint.error
        } else if notification.error != nil {
            notification.state = .retrying
        }
        return notification
    }

    /// When and at which attempt the partner took this, or something newer.
    private func told(atLeast sequence: Int) -> (at: Date, attempt: Int?)? {
        if let last = request.lastTold, last.sequence >= sequence {
            let entry = timeline.last { $0.kind == .delivered && $0.sequence == last.sequence && $0.at == last.at }
            return (last.at, entry?.attempt)
        }
        if let receipt = request.receipt, receipt.sequence >= sequence { return (receipt.at, receipt.attempt) }
        return nil
    }
}

/// That a partner's endpoint is left alone but for probes.
struct EndpointTrouble: Sendable, Equatable {
    var since: Date
    /// The failure that was the last straw.
    var error: StageError
}

/// That the partner has taken something beyond the answer.
struct LastTold: Sendable, Equatable {
    var sequence: Int
    var at: Date
}
