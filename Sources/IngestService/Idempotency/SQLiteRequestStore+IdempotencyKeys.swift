import Contracts
import GRDB

import struct Foundation.Data
import struct Foundation.Date

extension SQLiteRequestStore {
    /// What came under the key before; `nil` when nothing did, or too long ago.
    static func earlier(
        _ claim: IdempotencyClaim, of request: NewRequest, _ database: Database
    ) throws -> Acceptance? {
        let statement = try database.cachedStatement(
            sql: """
                SELECT fingerprint, is_duplicate, request_id FROM idempotency_key
                WHERE provider = ? AND key = ? AND created_at > ?
                """)
        let oldest = request.acceptedAt.before(IdempotencyClaim.lifetime)
        guard
            let row = try Row.fetchOne(
                statement, arguments: [request.provider.id, Data(claim.key.digest), oldest.milliseconds])
        else { return nil }
        let fingerprint: Data = row["fingerprint"]
        guard [UInt8](fingerprint) == claim.fingerprint else { return .keyReused }
        guard let id = RequestID(row["request_id"] as String) else {
            throw StoreError(code: .unreadable, detail: "idempotency_key.request_id")
        }
        return .replayed(row["is_duplicate"] ? .duplicate(of: id) : .accepted(id))
    }

    /// Keeps the first answer, in the place of one that is too old.
    static func keep(
        _ answer: IdempotentAnswer, for claim: IdempotencyClaim, of request: NewRequest, _ database: Database
    ) throws {
        let isDuplicate = if case .duplicate = answer { true } else { false }
        try database.cachedStatement(
            sql: """
                INSERT OR REPLACE INTO idempotency_key
                    (provider, key, fingerprint, is_duplicate, request_id, created_at)
                VALUES (?, ?, ?, ?, ?, ?)
                """
        ).execute(arguments: [
            request.provider.id, Data(claim.key.digest), Data(claim.fingerprint), isDuplicate, answer.id.description,
            request.acceptedAt.milliseconds,
        ])
    }

    func removeExpiredIdempotencyKeys(before: Date, limit: Int) async throws(StoreError) -> Int {
        try await write { database in
            try database.cachedStatement(
                sql: """
                    DELETE FROM idempotency_key WHERE (provider, key) IN
                        (SELECT provider, key FROM idempotency_key WHERE created_at < ? LIMIT ?)
                    """
            ).execute(arguments: [before.milliseconds, limit])
            return database.changesCount
        }
    }
}

/// The first answer under a key. Status, location and body follow from these two, so that no more needs to be kept.
enum IdempotentAnswer: Sendable, Equatable {
    /// 202.
    case accepted(RequestID)
    /// 409: the provider had sent its request's id before, under another key or none.
    case duplicate(of: RequestID)

    var id: RequestID {
        switch self {
        case .accepted(let id), .duplicate(let id): id
        }
    }
}
