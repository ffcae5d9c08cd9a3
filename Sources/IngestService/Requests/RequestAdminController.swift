import AdminAPI
import Contracts
import HTTPListener
import Logging
import ServiceRuntime

import struct Foundation.Date
import struct Foundation.UUID

/// What operators ask and do about one request.
struct RequestAdminController: Sendable {
    var access: StoreAccess
    var log: LogTruncation
    var now: @Sendable () -> Date

    @Sendable func attempts(_ asked: AdminQuestion<ListAttempts>) async throws -> CallbackAttempts {
        let job = try await access.ask(.operate, asked.logger) { store in try await store.job(asked.subject) }
        guard let job else { throw Problem.notFound }
        return CallbackAttempts(job, at: now())
    }

    @Sendable func resend(_ asked: AdminQuestion<ResendCallback>) async throws -> ResentCallback {
        let (id, eventID, now) = (asked.subject, UUID(), Timestamp.truncate(now()))
        let outcome = try await access.ask(.operate, asked.logger) { store in
            try await store.resend(id, by: eventID, at: now)
        }
        switch outcome {
        case .unknown: throw Problem.notFound
        case .undecided: throw Problem.notDecided
        case .enqueued(let type, let sequence):
            asked.logger.notice("An operator has a partner told once more.", metadata: ["request_id": "\(id)"])
            return ResentCallback(eventId: AdminID(eventID), eventType: type, sequence: sequence)
        }
    }

    @Sendable func erase(_ asked: AdminQuestion<EraseRequest>) async throws -> EraseRequest.Answer {
        let (id, now) = (asked.subject, now())
        let outcome = try await access.ask(.operate, asked.logger) { store in
            try await store.erasePersonalData(of: id, force: asked.query.force, at: now)
        }
        switch outcome {
        case .unknown: throw Problem.notFound
        case .underWay: throw Problem.underWay
        case .erased(let at, let isNew):
            asked.logger.notice("An operator has erased a request's personal data.", metadata: ["request_id": "\(id)"])
            return EraseRequest.Answer(id: id, erasedAt: at, erased: isNew, pending: await !log.truncate())
        }
    }
}
