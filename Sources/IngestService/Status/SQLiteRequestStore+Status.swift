import Contracts
import GRDB

import struct Foundation.Date
import struct Foundation.UUID

extension SQLiteRequestStore {
    /// Two at once take their turns: the second one sees what the first one made of it.
    func changeStatus(
        of id: RequestID, within organization: String, _ change: StatusChange
    ) async throws(StoreError) -> StatusChangeOutcome {
        try await write { database in
            guard var request = try Self.fetch(id, database), request.provider.organization == organization else {
                return .unknown
            }
            guard change.precondition(request) else { return .preconditionFailed }
            guard let decision = request.decision else { return .undecided }
            guard decision.acceptance else { return .declined }
            switch request.standing.status.taking(change.step) {
            case .stays: return .unchanged(request)
            case .refused: return .refused(request.standing.status)
            case .moved(let status):
                request.standing = Standing(
                    status: status, sequence: request.standing.sequence + 1, changedAt: change.at)
                request.expiredAt = nil
                let entry = try Self.write(change, to: request, database)
                return .changed(request, entry)
            }
        }
    }

    /// There is something to tell again: a job that was forgotten comes back.
    private static func write(
        _ change: StatusChange, to request: StoredRequest, _ database: Database
    ) throws -> OutboxEntry {
        let standing = request.standing
        try database.cachedStatement(
            sql: """
                UPDATE request SET status = ?1, sequence = ?2, status_changed_at = ?3, expired_at = NULL,
                    moved_at = max(moved_at, ?3) WHERE id = ?4
                """
        ).execute(arguments: [
            standing.status.rawValue, standing.sequence, change.at.milliseconds, request.id.description,
        ])
        let event: EventMessage
        do { event = try request.statusChangedEvent(traceParent: change.traceParent) } catch {
            throw StoreError(code: .unreadable, detail: "request: \(error)")
        }
        let noted = TimelineEntry(
            at: change.at, name: event.id?.canonical ?? "", kind: .statusChanged, sequence: standing.sequence,
            detail: standing.status.rawValue, note: change.note)
        try note(noted, of: request.id, database)
        return try enqueue(event, at: change.at, database)
    }

    func resend(_ id: RequestID, by eventID: UUID, at now: Date) async throws(StoreError) -> Resending {
        try await write { database in
            guard let request = try Self.fetch(id, database) else { return .unknown }
            guard request.decision != nil else { return .undecided }
            let event: EventMessage
            do { event = try request.newsEvent(id: eventID) } catch {
                throw StoreError(code: .unreadable, detail: "request: \(error)")
            }
            try database.cachedStatement(
                sql: "UPDATE request SET expired_at = NULL, moved_at = max(moved_at, ?2) WHERE id = ?1"
            ).execute(arguments: [id.description, now.milliseconds])
            let noted = TimelineEntry(
                at: now, name: eventID.canonical, kind: .resent, stage: .callback, sequence: request.standing.sequence)
            try Self.note(noted, of: id, database)
            return .enqueued(try Self.enqueue(event, at: now, database), sequence: request.standing.sequence)
        }
    }

    static func enqueue(_ event: EventMessage, at now: Date, _ database: Database) throws -> OutboxEntry {
        let sequence = try insert(event, headers: OutboxHeaders.encode(event.headers), at: now, database)
        return OutboxEntry(sequence: sequence, message: event, createdAt: Date(milliseconds: now.milliseconds))
    }
}

/// What became of a wish to tell the partner once more.
enum Resending: Sendable, Equatable {
    /// The event is in the outbox, and the relay has to be told.
    case enqueued(OutboxEntry, sequence: Int)
    /// There is nothing to tell yet.
    case undecided
    /// There is no such request.
    case unknown
}
