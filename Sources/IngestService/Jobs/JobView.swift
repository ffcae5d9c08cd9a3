import Contracts

import struct Foundation.Date

/// A job as the API shows it. Holds nothing personal.
struct JobView: Sendable, Encodable {
    var id: RequestID
    /// `in-progress`, `completed` or `failed`.
    var status: String
    /// The stage that has the request or gave it up; absent when all is done.
    var stage: Stage?
    var location: String
    var timeline: Timeline
    var decision: Decision?
    /// Set as long as a person is to decide.
    var review: ReviewView?
    var retry: Retry?
    /// Whether the partner knows the newest; absent as long as there is nothing to tell.
    var notification: NotificationView?
    /// Why it failed, where that is no answer of its own.
    var error: Failure?
    /// What happened, oldest first; absent where the job stands beside something else.
    var events: [EventView]?

    struct Timeline: Sendable, Encodable {
        var acceptedAt: Date
        var geocodedAt: Date?
        var decidedAt: Date?
        var toldAt: Date?
    }

    /// That a stage has failed and tries again.
    struct Retry: Sendable, Encodable {
        var stage: Stage
        var attempt: Int
        var of: Int
        var nextAttemptAt: Date
        var error: StageError
    }

    /// Why the job failed.
    struct Failure: Sendable, Encodable {
        var stage: Stage
        var reason: String
        var code: String
        var message: String
        var at: Date
        /// Set when an operator has decided that it stays so.
        var discarded: Discard?
    }

    /// That an operator has thrown the message away.
    struct Discard: Sendable, Encodable {
        var by: String
        var why: String?
        var at: Date
    }

    /// - Parameter forStaff: whether the organisation asks: then what its staff wrote is shown, and all of a review.
    init(_ job: StoredJob, forStaff: Bool = false) {
        self.init(job.request, forStaff: forStaff)
        notification = job.notification.map { NotificationView($0, job) }
        events = job.events.map { EventView($0, withNote: forStaff) }
    }

    init(_ request: StoredRequest, forStaff: Bool = false) {
        id = request.id
        location = APIPath.job(request.id)
        timeline = Timeline(
            acceptedAt: request.acceptedAt, geocodedAt: request.geocoding?.at, decidedAt: request.decision?.at,
            toldAt: request.receipt?.deliveredAt)
        decision = request.decision?.fact
        status = request.job.name
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
            stage: stage, reason: deadLettering.reason.rawValue, code: deadLettering.error.code,
            message: deadLettering.error.message,
            at: deadLettering.at, discarded: discard.map { .init(by: $0.by, why: $0.why, at: $0.at) })
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
