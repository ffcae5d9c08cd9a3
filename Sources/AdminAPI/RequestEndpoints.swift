package import Contracts

package import struct Foundation.Date

/// Where requests are, all counted at one moment.
package enum CountRequests: AdminEndpoint {
    package static let route = AdminRoute(.get, "conservation", of: .ingest)
    package typealias Answer = ConservationTable
}

/// How many requests are where, per provider and in total.
package struct ConservationTable: Sendable, Equatable, Codable {
    package var providers: [RequestCounts]
    package var total: RequestCounts

    package init(providers: [RequestCounts], total: RequestCounts) {
        (self.providers, self.total) = (providers, total)
    }

    package init(_ counts: [RequestCounts]) {
        func sum(_ count: KeyPath<RequestCounts, Int>) -> Int { counts.reduce(0) { $0 + $1[keyPath: count] } }
        self.init(
            providers: counts,
            total: RequestCounts(
                provider: nil, accepted: sum(\.accepted), told: sum(\.told), pending: sum(\.pending),
                review: sum(\.review), dead: sum(\.dead)))
    }

    package var isConserved: Bool { (providers + [total]).allSatisfy(\.isConserved) }
}

package struct RequestCounts: Sendable, Equatable, Codable {
    /// Absent for the total.
    package var provider: String?
    /// All that were ever answered with 202.
    package var accepted: Int
    /// Whose answer the partner has taken.
    package var told: Int
    /// Under way.
    package var pending: Int
    /// Waiting for a person of the organisation to decide: no queue has them.
    package var review: Int
    /// Given up by a stage, and waiting for an operator or discarded by one.
    package var dead: Int

    package init(provider: String?, accepted: Int, told: Int, pending: Int, review: Int, dead: Int) {
        (self.provider, self.accepted, self.told) = (provider, accepted, told)
        (self.pending, self.review, self.dead) = (pending, review, dead)
    }

    /// `accepted = told + pending + review + dead`.
    package var isConserved: Bool { accepted == told + pending + review + dead }
}

/// Requests under way that have not moved for a while, oldest first.
package enum ListPending: AdminEndpoint {
    package static let route = AdminRoute(.get, "pending", of: .ingest)

    package struct Query: AdminQuery {
        /// By default those that have not moved since a moment ago.
        package var olderThan: Duration?
        package var limit = 100
        package var after: RequestID?

        package init() {}

        package mutating func code(_ coder: inout QueryCoder) {
            coder.seconds("olderThan", &olderThan)
            coder.limit(&limit)
            coder.after(&after)
        }
    }

    package struct Answer: Sendable, Equatable, Codable {
        package var pending: [PendingRequest]
        /// Where the next page begins; absent on the last.
        package var next: RequestID?

        package init(pending: [PendingRequest], next: RequestID?) { (self.pending, self.next) = (pending, next) }
    }
}

/// A request that is under way.
package struct PendingRequest: Sendable, Equatable, Codable {
    package var id: RequestID
    package var provider: String
    /// Whose turn it is.
    package var stage: Stage
    /// When the last thing happened to it, or is to happen: a request that waits for its next attempt moves then.
    package var movedAt: Date
    /// Whether an event of it waits to be published.
    package var isInOutbox: Bool

    package init(id: RequestID, provider: String, stage: Stage, movedAt: Date, isInOutbox: Bool) {
        (self.id, self.provider, self.stage, self.movedAt, self.isInOutbox) = (id, provider, stage, movedAt, isInOutbox)
    }
}

/// Has the event of the stage where a request stopped published again. 409 when the request is told, dead or waits for
/// a person: then there is nothing under way.
package enum PublishAgain: AdminEndpoint {
    package static let route = AdminRoute(.post, "requests/{id}/publish-again", of: .ingest)
    package typealias Subject = RequestID

    package struct Answer: Sendable, Equatable, Codable {
        package var eventId: AdminID
        package var eventType: String
        /// Whether it was put into the outbox now, or waited there.
        package var enqueued: Bool

        package init(eventId: AdminID, eventType: EventType, enqueued: Bool) {
            (self.eventId, self.eventType, self.enqueued) = (eventId, eventType.rawValue, enqueued)
        }
    }

    package static func status(of answer: Answer) -> Int { 202 }
}

/// Finds requests by our id or its beginning, the partner's id, name, telephone, e-mail, ZIP, city or street, of any
/// organisation; the newest first, at most 50.
package enum FindRequests: AdminEndpoint {
    package static let route = AdminRoute(.get, "requests", of: .ingest)
    package typealias Answer = FoundRequests

    package struct Query: AdminQuery {
        /// Bytes.
        package static let longest = 200

        package var q = ""

        package init() {}

        package mutating func code(_ coder: inout QueryCoder) {
            coder.needed(
                "q", &q, missing: "says what is looked for",
                "must be 1 to \(Self.longest) bytes of what is looked for"
            ) { $0.utf8.count <= Self.longest && !$0.isBlank }
        }
    }
}

package struct FoundRequests: Sendable, Equatable, Codable {
    package var requests: [RequestSummary]

    package init(requests: [RequestSummary]) { self.requests = requests }
}

/// A request, without anything about the person.
package struct RequestSummary: Sendable, Equatable, Codable {
    package var id: RequestID
    package var provider: String
    package var providerRequestId: String
    package var organization: String
    package var acceptedAt: Date
    /// As in `JobView`.
    package var job: String
    /// Who has it, or gave it up; absent when all is done.
    package var stage: Stage?
    /// Absent until it is decided.
    package var acceptance: Bool?

    package init(
        id: RequestID, provider: String, providerRequestId: String, organization: String, acceptedAt: Date,
        job: String, stage: Stage?, acceptance: Bool?
    ) {
        (self.id, self.provider, self.providerRequestId) = (id, provider, providerRequestId)
        (self.organization, self.acceptedAt, self.job) = (organization, acceptedAt, job)
        (self.stage, self.acceptance) = (stage, acceptance)
    }
}

/// Where a request is, and what happened to it.
package enum ShowRequest: AdminEndpoint {
    package static let route = AdminRoute(.get, "requests/{id}", of: .ingest)
    package typealias Subject = RequestID

    package struct Answer: Sendable, Equatable, Codable {
        package var request: RequestSummary
        package var job: JobView

        package init(request: RequestSummary, job: JobView) { (self.request, self.job) = (request, job) }
    }
}

/// Erases a request's personal data: asking again tells whether all of it is gone. 409 as long as the street is needed
/// to find the place, unless it is forced.
package enum EraseRequest: AdminEndpoint {
    package static let route = AdminRoute(.post, "requests/{id}/erase", of: .ingest)
    package typealias Subject = RequestID

    package struct Query: AdminQuery {
        package var force = false

        package init() {}
        package mutating func code(_ coder: inout QueryCoder) { coder.flag("force", &force) }
    }

    package struct Answer: Sendable, Equatable, Codable {
        package var id: RequestID
        package var erasedAt: Date
        /// Whether it was erased now, or before.
        package var erased: Bool
        /// Whether older copies are still in the log of the service's store, from where they go by themselves; absent
        /// in the answer of an older service, which does not know.
        package var pending: Bool?

        package init(id: RequestID, erasedAt: Date, erased: Bool, pending: Bool?) {
            (self.id, self.erasedAt, self.erased, self.pending) = (id, erasedAt, erased, pending)
        }
    }

    package static func status(of answer: Answer) -> Int { answer.pending == true ? 202 : 200 }
}
