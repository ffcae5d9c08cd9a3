import AdminAPI
import Contracts

extension JobView {
    /// - Parameter forStaff: whether the organisation asks: then what its staff wrote is shown, and all of a review.
    init(_ job: StoredJob, forStaff: Bool = false) {
        self.init(job.request, forStaff: forStaff)
        notification = job.notification.map { NotificationView($0, job) }
        events = job.events.map { EventView($0, withNote: forStaff) }
    }

    init(_ request: StoredRequest, forStaff: Bool = false) {
        self.init(
            id: request.id, status: request.job.name, location: APIPath.job(request.id),
            timeline: Timeline(
                acceptedAt: request.acceptedAt, geocodedAt: request.geocoding?.at, decidedAt: request.decision?.at,
                toldAt: request.receipt?.deliveredAt))
        decision = request.decision?.fact
        switch request.job {
        case .inProgress(let stage, let retry):
            self.stage = stage
            self.retry = retry.map {
                Retry(
                    stage: stage, attempt: $0.attempt, of: $0.maxAttempts, nextAttemptAt: $0.nextAttemptAt,
                    error: $0.error)
            }
        case .inReview(let review):
            stage = .decision
            self.review = ReviewView(review, forStaff: forStaff)
        case .completed: break
        case .failed(let stage, _): self.stage = stage
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
    init(_ job: StoredJob) {
        self.init(
            request: job.request.id, provider: job.request.provider.id,
            notification: job.notification.map { NotificationView($0, job) },
            attempts: job.attempts.map { entry in
                Attempt(
                    at: entry.at, sequence: entry.sequence ?? RequestDecided.sequence, attempt: entry.attempt ?? 1,
                    durationMs: entry.durationMilliseconds, addressFamily: entry.addressFamily?.rawValue,
                    httpStatus: entry.httpStatus, error: entry.error, excerpt: entry.excerpt,
                    delivered: entry.kind == .delivered)
            }, endpoint: job.endpoint.map { Endpoint(degradedSince: $0.since, error: $0.error) })
    }
}
