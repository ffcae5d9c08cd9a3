import Contracts

import struct Foundation.Date

extension RequestStore {
    /// Writes a request together with its event and the answer under its idempotency key, or none of them.
    /// - Parameter claim: looked up first, within the provider; a key older than `IdempotencyClaim.lifetime` when the
    ///   request was accepted is as if it were not there.
    func accept(
        _ request: NewRequest, event: EventMessage, claim: IdempotencyClaim? = nil
    ) async throws(StoreError) -> Acceptance {
        try await write { transaction in
            // Under a key it is to be seen first what came before.
            claim == nil ? try transaction.insert(request) : nil
        } _: { transaction, sent in
            if let claim, let earlier = try transaction.earlier(claim, of: request) { return earlier }
            let number = try transaction.answer(try sent ?? transaction.insert(request)).number
            guard let number else {
                let first = try transaction.existing(request)
                if let claim { try transaction.keep(.duplicate(of: first), for: claim, of: request) }
                return .duplicate(of: first)
            }
            try transaction.insert(request.submission, number)
            if let claim { try transaction.keep(.accepted(request.id), for: claim, of: request) }
            try transaction.enqueue(event, at: request.acceptedAt)
            return .accepted
        }
    }

    /// Removes idempotency keys that were first used before a time.
    /// - Parameter limit: how many at most.
    /// - Returns: how many.
    func removeExpiredIdempotencyKeys(before: Date, limit: Int) async throws(StoreError) -> Int {
        try await write { transaction in
            try transaction.changes(
                """
                DELETE FROM idempotency_key WHERE (provider, key) IN
                    (SELECT provider, key FROM idempotency_key WHERE created_at < ? LIMIT ?)
                """, [before, limit])
        }
    }
}

/// What became of a request that was to be written.
enum Acceptance: Sendable, Equatable {
    /// It is on disk together with its event.
    case accepted
    /// The provider has sent this id before; this is the request that it got then.
    case duplicate(of: RequestID)
    /// It came under the same idempotency key before; this is what was answered then.
    case replayed(IdempotentAnswer)
    /// Something else came under the same idempotency key before.
    case keyReused
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

extension StoreTransaction {
    /// It gets no number when the provider has sent this id before.
    fileprivate func insert(_ request: NewRequest) throws -> StoreSent {
        let submission = request.submission
        return try send(
            """
            INSERT INTO request (id, provider, provider_request_id, organization, accepted_at, city, state, zip,
                moved_at)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?5)
            ON CONFLICT (provider, provider_request_id) DO NOTHING
            """,
            [
                request.id, request.provider.id, submission.providerRequestID, request.provider.organization,
                request.acceptedAt, submission.address.city, submission.address.state, submission.address.zip,
            ], key: "number")
    }

    fileprivate func insert(_ submission: Submission, _ number: Int64) throws {
        try execute(
            """
            INSERT INTO person (number, name, street, phone, email, provider_data, unit, language, need, notes)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """,
            [
                number, submission.name, submission.address.street, submission.phone, submission.email,
                submission.providerData, submission.unit, submission.language, submission.need, submission.notes,
            ])
    }

    /// The request that made this one a duplicate.
    fileprivate func existing(_ request: NewRequest) throws -> RequestID {
        let id: RequestID? = try value(
            "SELECT id FROM request WHERE provider = ? AND provider_request_id = ?",
            [request.provider.id, request.submission.providerRequestID])
        guard let id else { throw StoreError(code: .unreadable, detail: "request.id") }
        return id
    }

    /// What came under the key before; `nil` when nothing did, or too long ago.
    fileprivate func earlier(_ claim: IdempotencyClaim, of request: NewRequest) throws -> Acceptance? {
        if let lock = dialect.lockValues { try execute(lock, [claim.key.digest, request.provider.id]) }
        return try first(
            """
            SELECT fingerprint, is_duplicate, request_id FROM idempotency_key
            WHERE provider = ? AND key = ? AND created_at > ?
            """,
            [request.provider.id, claim.key.digest, request.acceptedAt.before(IdempotencyClaim.lifetime)]
        ) { row in
            guard try row["fingerprint"] == claim.fingerprint else { return .keyReused }
            let id: RequestID = try row["request_id"]
            return .replayed(try row["is_duplicate"] ? .duplicate(of: id) : .accepted(id))
        }
    }

    /// Keeps the first answer, in the place of one that is too old.
    fileprivate func keep(_ answer: IdempotentAnswer, for claim: IdempotencyClaim, of request: NewRequest) throws {
        let isDuplicate = if case .duplicate = answer { true } else { false }
        try execute(
            """
            INSERT INTO idempotency_key (provider, key, fingerprint, is_duplicate, request_id, created_at)
            VALUES (?, ?, ?, ?, ?, ?)
            ON CONFLICT (provider, key) DO UPDATE SET fingerprint = excluded.fingerprint,
                is_duplicate = excluded.is_duplicate, request_id = excluded.request_id, created_at = excluded.created_at
            """,
            [
                request.provider.id, claim.key.digest, claim.fingerprint, isDuplicate, answer.id, request.acceptedAt,
            ])
    }
}
