package import Contracts

package import struct Foundation.Date

/// How often a request's partner was called, and how it answered.
package enum ListAttempts: AdminEndpoint {
    package static let route = AdminRoute(.get, "requests/{id}/attempts", of: .ingest)
    package typealias Subject = RequestID
    package typealias Answer = CallbackAttempts
}

/// Has a request's partner told again what it was last told. 409 when there is nothing to tell yet.
package enum ResendCallback: AdminEndpoint {
    package static let route = AdminRoute(.post, "requests/{id}/resend", of: .ingest)
    package typealias Subject = RequestID
    package typealias Answer = ResentCallback
    package static func status(of answer: Answer) -> Int { 202 }
}

/// The event that tells a partner again.
package struct ResentCallback: Sendable, Equatable, Codable {
    package var eventId: AdminID
    package var eventType: String?
    /// Which notification of the request it is.
    package var sequence: Int?

    package init(eventId: AdminID, eventType: EventType?, sequence: Int) {
        (self.eventId, self.eventType, self.sequence) = (eventId, eventType?.rawValue, sequence)
    }
}

/// The attempts to tell a request's partner, oldest first: as both APIs show them.
package struct CallbackAttempts: Sendable, Equatable, Codable {
    package var request: RequestID
    package var provider: String
    /// Absent before there is something to tell.
    package var notification: NotificationView?
    package var attempts: [Attempt]
    /// Present while the partner's endpoint is left alone.
    package var endpoint: Endpoint?

    package init(
        request: RequestID, provider: String, notification: NotificationView?, attempts: [Attempt],
        endpoint: Endpoint? = nil
    ) {
        (self.request, self.provider, self.notification) = (request, provider, notification)
        (self.attempts, self.endpoint) = (attempts, endpoint)
    }

    package struct Attempt: Sendable, Equatable, Codable {
        package var at: Date
        /// 1 for the decision, more for what followed it.
        package var sequence: Int
        package var attempt: Int
        package var durationMs: Int?
        package var addressFamily: String?
        package var httpStatus: Int?
        package var error: StageError?
        /// The beginning of the partner's answer.
        package var excerpt: String?
        package var delivered: Bool

        package init(
            at: Date, sequence: Int, attempt: Int, durationMs: Int? = nil, addressFamily: String? = nil,
            httpStatus: Int? = nil, error: StageError? = nil, excerpt: String? = nil, delivered: Bool
        ) {
            (self.at, self.sequence, self.attempt, self.durationMs) = (at, sequence, attempt, durationMs)
            (self.addressFamily, self.httpStatus, self.error) = (addressFamily, httpStatus, error)
            (self.excerpt, self.delivered) = (excerpt, delivered)
        }
    }

    package struct Endpoint: Sendable, Equatable, Codable {
        package var degradedSince: Date
        package var error: StageError

        package init(degradedSince: Date, error: StageError) {
            (self.degradedSince, self.error) = (degradedSince, error)
        }
    }
}

/// Whether the partner knows the newest, as both APIs show it.
package struct NotificationView: Sendable, Equatable, Codable {
    /// `pending`, `retrying`, `held`, `delivered` or `failed`.
    package var status: String
    /// Which of the things that the partner is told it is about; 1 is the answer.
    package var sequence: Int
    package var since: Date
    package var attempt: Int?
    package var of: Int?
    package var nextAttemptAt: Date?
    package var error: StageError?
    /// One sentence for people.
    package var summary: String

    package init(
        status: String, sequence: Int, since: Date, attempt: Int? = nil, of: Int? = nil, nextAttemptAt: Date? = nil,
        error: StageError? = nil, summary: String
    ) {
        (self.status, self.sequence, self.since) = (status, sequence, since)
        (self.attempt, self.of, self.nextAttemptAt) = (attempt, of, nextAttemptAt)
        (self.error, self.summary) = (error, summary)
    }
}
