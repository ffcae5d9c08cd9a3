import AdminAPI
import Contracts
import HTTPListener
import Logging
import ServiceRuntime

import struct Foundation.Date

/// Where the requests are, and how one that is nowhere comes back.
struct ReconciliationController: Sendable {
    var access: StoreAccess
    var now: @Sendable () -> Date

    @Sendable func counts(_ asked: AdminQuestion<CountRequests>) async throws -> ConservationTable {
        ConservationTable(try await access.ask(.operate, asked.logger) { store in try await store.requestCounts() })
    }

    @Sendable func pending(_ asked: AdminQuestion<ListPending>) async throws -> ListPending.Answer {
        let (query, now) = (asked.query, now())
        let found = try await access.ask(.operate, asked.logger) { store in
            try await store.pending(
                notMovedSince: query.olderThan.map(now.before) ?? now, after: query.after, limit: query.limit + 1)
        }
        let page = found.prefix(query.limit)
        return ListPending.Answer(pending: Array(page), next: found.count > query.limit ? page.last?.id : nil)
    }

    @Sendable func publishAgain(_ asked: AdminQuestion<PublishAgain>) async throws -> PublishAgain.Answer {
        let (id, now) = (asked.subject, now())
        let outcome = try await access.ask(.operate, asked.logger) { store in
            try await store.publishAgain(id, at: now)
        }
        switch outcome {
        case .unknown: throw Problem.notFound
        case .settled(let job): throw Problem.notUnderWay(job)
        case .waiting(let eventID, let type):
            return PublishAgain.Answer(eventId: AdminID(eventID), eventType: type, enqueued: false)
        case .enqueued(let eventID, let type):
            asked.logger.notice(
                "An operator has a request's event published again.",
                metadata: ["request_id": "\(id)", "event_type": "\(type.rawValue)"])
            return PublishAgain.Answer(eventId: AdminID(eventID), eventType: type, enqueued: true)
        }
    }
}
