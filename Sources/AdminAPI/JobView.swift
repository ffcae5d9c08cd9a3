package import Contracts

package import struct Foundation.Date

/// A job as both APIs of IngestService show it. Holds nothing personal.
package struct JobView: Sendable, Equatable, Codable {
    package var id: RequestID
    /// `in-progress`, `completed` or `failed`.
    package var status: String
    /// The stage that has the request or gave it up; absent when all is done.
    package var stage: Stage?
    package var location: String
    package var timeline: Timeline
    package var decision: Decision?
    /// Set as long as a person is to decide.
    package var review: ReviewView?
    package var retry: Retry?
    /// Whether the partner knows the newest; absent as long as there is nothing to tell.
    package var notification: NotificationView?
    /// Why it failed, where that is no answer of its own.
    package var error: Failure?
    /// What happened, oldest first; absent where the job stands beside something else.
    package var events: [EventView]?

    package init(id: RequestID, status: String, stage: Stage? = nil, location: String, timeline: Timeline) {
        (self.id, self.status, self.stage) = (id, status, stage)
        (self.location, self.timeline) = (location, timeline)
    }

    package struct Timeline: Sendable, Equatable, Codable {
        package var acceptedAt: Date
        package var geocodedAt: Date?
        package var decidedAt: Date?
        package var toldAt: Date?

        package init(acceptedAt: Date, geocodedAt: Date? = nil, decidedAt: Date? = nil, toldAt: Date? = nil) {
            (self.acceptedAt, self.geocodedAt) = (acceptedAt, geocodedAt)
            (self.decidedAt, self.toldAt) = (decidedAt, toldAt)
        }
    }

    /// That a stage has failed and tries again.
    package struct Retry: Sendable, Equatable, Codable {
        package var stage: Stage
        package var attempt: Int
        package var of: Int
        package var nextAttemptAt: Date
        package var error: StageError

        package init(stage: Stage, attempt: Int, of: Int, nextAttemptAt: Date, error: StageError) {
            (self.stage, self.attempt, self.of) = (stage, attempt, of)
            (self.nextAttemptAt, self.error) = (nextAttemptAt, error)
        }
    }

    /// Why the job failed.
    package struct Failure: Sendable, Equatable, Codable {
        package var stage: Stage
        package var reason: String
        package var code: String
        package var message: String
        package var at: Date
        /// Set when an operator has decided that it stays so.
        package var discarded: Discard?

        package init(stage: Stage, reason: DeadReason, error: StageError, at: Date, discarded: Discard?) {
            (self.stage, self.reason, self.code) = (stage, reason.rawValue, error.code)
            (self.message, self.at, self.discarded) = (error.message, at, discarded)
        }
    }

    /// That an operator has thrown the message away.
    package struct Discard: Sendable, Equatable, Codable {
        package var by: String
        package var why: String?
        package var at: Date

        package init(by: String, why: String?, at: Date) { (self.by, self.why, self.at) = (by, why, at) }
    }
}

/// Something that happened to a request, as both APIs show it.
package struct EventView: Sendable, Equatable, Codable {
    package var at: Date
    /// `accepted`, `geocoded`, `decided`, …: open.
    package var type: String
    package var stage: String?
    package var sequence: Int?
    package var attempt: Int?
    package var detail: String?
    package var note: String?
    package var httpStatus: Int?
    package var durationMs: Int?
    package var addressFamily: String?
    package var error: StageError?
    package var excerpt: String?

    package init(at: Date, type: String) { (self.at, self.type) = (at, type) }
}

/// That a person is to decide, as both APIs show it. What they are asked in detail is for the organisation and
/// operators alone: it is no answer yet.
package struct ReviewView: Sendable, Equatable, Codable {
    package var requestedAt: Date
    package var reason: String
    package var deadline: Date
    /// What is doubtful.
    package var explanation: String?
    /// What the rules say as far as they go.
    package var proposal: Bool?
    /// What is decided when nobody has until the deadline.
    package var fallback: Bool?
    package var rule: String?
    package var coverageVersion: String?

    package init(requestedAt: Date, reason: String, deadline: Date) {
        (self.requestedAt, self.reason, self.deadline) = (requestedAt, reason, deadline)
    }

    /// - Parameter requestedAt: when the question came up.
    package init(_ question: ReviewQuestion, requestedAt: Date) {
        self.init(requestedAt: requestedAt, reason: question.reason.rawValue, deadline: question.deadline)
        (explanation, proposal, fallback) = (question.explanation, question.proposal, question.fallback)
        (rule, coverageVersion) = (question.rule, question.coverageVersion)
    }
}
