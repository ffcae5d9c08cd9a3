import Contracts

import struct Foundation.Date

extension RequestStore {
    /// Writes a request together with its event and the answer under its idempotency key, or none of them.
    /// - Parameter claim: looked up first, within the provider; a key older than `IdempotencyClaim.lifetime` when the
    ///   request was accepted is as if it were not there.
    func accept(
        _ request: NewRequest, event: EventMessage, claim: IdempotencyClaim? = nil
    ) async throws(StoreError) -> Acceptance {
        guard let claim else { return try await accept(request, event) }
        // Under a key it is to be seen first what came before.
        return try await write { transaction in
            if let earlier = try transaction.earlier(claim, of: request) { return earlier }
            guard let number = try transaction.answer(try transaction.insert(request)).number else {
                let first = try transaction.existing(request)
                try transaction.keep(.duplicate(of: first), for: claim, of: request)
                return .duplicate(of: first)
            }
            try transaction.insert(request.submission, number)
            try transaction.keep(.accepted(request.id), for: claim, of: request)
            try transaction.enqueue(event, at: request.acceptedAt)
            return .accepted
        }
    }

    private func accept(_ request: NewRequest, _ event: EventMessage) async throws(StoreError) -> Acceptance {
        let (answer, entry) = try await write(looksOnly: true) { transaction in
            try transaction.add(request, event)
        } _: { transaction, added in
            let answer = try transaction.answer(added.sent)
            if answer.count > 0, let entry = added.entry { transaction.events.append(entry) }
            return (answer, added.entry)
        }
        if answer.count > 0 { return .accepted }
        let first: RequestID
        do { first = try await read { try $0.existing(request) } } catch {
            throw answer.isLost ? StoreError(code: .uncertain, detail: error.detail) : error
        }
        guard answer.isLost, first == request.id, let entry else { return .duplicate(of: first) }
        handOver([entry])
        return .accepted
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
    /// Writes a request with all that belongs to it, unless the provider has sent its id before.
    /// - Returns: what tells whether it was written, and what is in the outbox then.
    fileprivate func add(
        _ request: NewRequest, _ event: EventMessage
    ) throws -> (sent: StoreSent, entry: OutboxEntry?) {
        guard dialect.writesTogether, let sequence = try reserveNumber(in: "outbox") else {
            let sent = try insert(request)
            guard let number = try answer(sent).number else { return (sent, nil) }
            try insert(request.submission, number)
            return (sent, try put(event, at: request.acceptedAt))
        }
        let submission = request.submission
        let sent = try send(
            Self.whole,
            [
                request.id, request.provider.id, submission.providerRequestID, request.provider.organization,
                request.acceptedAt, submission.address.city, submission.address.state, submission.address.zip,
                submission.name, submission.address.street, submission.phone, submission.email,
                submission.providerData, submission.unit, submission.language, submission.need, submission.notes,
                sequence, OutboxHeaders.encode(event.headers), event.body,
            ])
        return (sent, OutboxEntry(sequence: sequence, message: event, at: request.acceptedAt))
    }

    /// The rows of `request`, `person` and `outbox` at once.
    private static let whole = RowStatement(
        [
            .text, .text, .text, .text, .integer, .text, .text, .text, .text, .text, .text, .text, .text, .text, .text,
            .text, .text, .integer, .blob, .blob,
        ],
        many: """
            , added AS (
                INSERT INTO request (id, provider, provider_request_id, organization, accepted_at, city, state, zip,
                    moved_at)
                SELECT c1, c2, c3, c4, c5, c6, c7, c8, c5 FROM f
                ON CONFLICT (provider, provider_request_id) DO NOTHING RETURNING number, id
            ), persons AS (
                INSERT INTO person (number, name, street, phone, email, provider_data, unit, language, need, notes)
                SELECT number, c9, c10, c11, c12, c13, c14, c15, c16, c17 FROM added JOIN f ON c1 = id
            ), events AS (
                INSERT INTO outbox (sequence, created_at, headers, body)
                SELECT c18, c5, c19, c20 FROM added JOIN f ON c1 = id
            ) SELECT string_agg(place::text, ' ') FROM added JOIN f ON c1 = id
            """)

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
            StoreValues {
                request.id
                request.provider.id
                submission.providerRequestID
                request.provider.organization
                request.acceptedAt
                submission.address.city
                submission.address.state
                submission.address.zip
            }, key: "number")
    }

    fileprivate func insert(_ submission: Submission, _ number: Int64) throws {
        try execute(
            """
            INSERT INTO person (number, name, street, phone, email, provider_data, unit, language, need, notes)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """,
            StoreValues {
                number
                submission.name
                submission.address.street
                submission.phone
                submission.email
                submission.providerData
                submission.unit
                submission.language
                submission.need
                submission.notes
            })
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
