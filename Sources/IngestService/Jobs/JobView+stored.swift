import AdminAPI
import Contracts

import struct Foundation.Date

extension JobView {
    /// - Parameters:
    ///   - forStaff: whether the organisation asks: then what its staff wrote is shown, and all of a review.
    ///   - now: when it is shown.
    init(_ job: StoredJob, forStaff: Bool = false, at now: Date) {
        self.init(job.request, forStaff: forStaff, at: now)
        notification = job.notification.map { NotificationView($0.shown(at: now), job) }
        // While the endpoint is left alone nobody knows when.
        if job.notification?.state == .held { retry = nil }
        events = job.events.map { EventView($0, withNote: forStaff) }
    }

    init(_ request: StoredRequest, forStaff: Bool = false, at now: Date) {
        self.init(
            id: request.id, status: request.job.name, location: APIPath.job(request.id),
            timeline: Timeline(
                acceptedAt: request.acceptedAt, geocodedAt: request.geocoding?.at, decidedAt: request.decision?.at,
                toldAt: request.receipt?.deliveredAt))
        decision = request.decision?.fact
        stage = request.job.stage
        switch request.job {
        case .inProgress(let stage, let retry):
            self.retry = retry.flatMap {
                // A time that has passed is that of no next attempt.
                $0.nextAttemptAt <= now
                    ? nil
                    : Retry(
                        stage: stage, attempt: $0.attempt, of: $0.maxAttempts, nextAttemptAt: $0.nextAttemptAt,
                        error: $0.error)
            }
        case .inReview(let review):
            self.review = ReviewView(review, forStaff: forStaff)
        case .completed, .failed: break
        }
    }
}

extension JobView.Failure {
    init(_ stage: Stage, _ deadLettering: StageFailureRecord.DeadLettering, _ discard: DeadLetterResolution?) {
        self.init(
            stage: stage, reason: deadLettering.reason, error: deadLettering.error, at: deadLettering.at,
            discarded: discard.map { .init(by: $0.by, why: $0.why, at: $0.at) })
    }
}

extension JobState {
    /// The stage that has the request or gave it up; `nil` when all is done.
    var stage: Stage? {
        switch self {
        case .inProgress(let stage, _), .failed(let stage, _): stage
        case .inReview: .decision
        case .completed: nil
        }
    }

    /// As the API spells it.
    var name: String {
        switch self {
        case .inProgress, .inReview: "in-progress"
        case .completed: "completed"
        case .failed: "failed"
        }
    }
}

extension CallbackAttempts {
    init(_ job: StoredJob, at now: Date) {
        self.init(
            request: job.request.id, provider: job.request.provider.id,
            notification: job.notification.map { NotificationView($0.shown(at: now), job) },
            attempts: job.attempts.map { entry in
                Attempt(
                    at: entry.at, sequence: entry.sequence ?? RequestDecided.sequence, attempt: entry.attempt ?? 1,
                    durationMs: entry.durationMilliseconds, addressFamily: entry.addressFamily?.rawValue,
                    httpStatus: entry.httpStatus, error: entry.error, excerpt: entry.excerpt,
                    delivered: entry.kind == .delivered)
            }, endpoint: job.endpoint.map { Endpoint(degradedSince: $0.since, error: $0.error) })
    }
}
