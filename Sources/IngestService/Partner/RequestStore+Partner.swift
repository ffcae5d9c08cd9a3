import Contracts
import HTTPListener

import struct Foundation.Date
import struct Foundation.UUID

/// What became of a partner's wish to withdraw a request.
enum Withdrawal: Sendable, Equatable {
    /// It is on disk; where the organisation had it, together with the event that says so.
    case withdrawn(StoredRequest)
    /// It was withdrawn before.
    case unchanged(StoredRequest)
    /// It came to its end before: completed, canceled.
    case closed(OrganizationStatus)
    /// The organisation does not cover it.
    case declined
    /// It is not any more what the client has seen.
    case preconditionFailed
    /// There is no such request of this provider.
    case unknown
}

/// What became of a correction of contact data.
enum CorrectionOutcome: Sendable, Equatable {
    case corrected(StoredRequest)
    /// It was so already.
    case unchanged(StoredRequest)
    /// Somebody has begun: the organisation has what was sent.
    case begun
    /// The partner has withdrawn it.
    case withdrawn
    /// Its personal data was erased.
    case erased
    /// There would be no way left to reach the person.
    case unreachable([FieldError])
    case preconditionFailed
    case unknown
}

extension RequestStore {
    /// Notes that the partner needs no help any more. A request that the organisation has is canceled with it, which
    /// the partner is told as of any step; one that is not decided goes its way, and whoever looks at it sees that it
    /// was withdrawn.
    ///
    /// A partner may withdraw at once what it was told of. The decision is recorded a moment after that, and is waited
    /// for.
    /// - Parameter sleep: waits between two looks at what is recorded.
    func withdraw(
        _ id: RequestID, by provider: Provider, reason: String?, at now: Date, traceParent: String,
        sleep: @Sendable (Duration) async throws -> Void = { try await Task.sleep(for: $0) },
        precondition: @escaping @Sendable (StoredRequest) -> Bool = { _ in true }
    ) async throws(StoreError) -> Withdrawal {
        let end = ContinuousClock.now + ProgressHandler.patience * 5
        while ContinuousClock.now < end, let request = try await read({ try $0.request(id) }),
            request.provider.id == provider.id, request.withdrawnAt == nil, request.decision == nil
        {
            // Cancelled: then it is withdrawn as it stands.
            guard (try? await sleep(ProgressHandler.patience / 2)) != nil else { break }
        }
        return try await write { transaction in
            try transaction.lock(id)
            guard var request = try transaction.request(id), request.provider.id == provider.id else {
                return .unknown
            }
            guard request.withdrawnAt == nil else { return .unchanged(request) }
            guard precondition(request) else { return .preconditionFailed }
            if request.decision?.acceptance == false { return .declined }
            let status = request.organizationProgress.status
            guard status.isOpen else { return .closed(status) }
            try transaction.execute("UPDATE request SET withdrawn_at = ? WHERE id = ?", [now, id])
            request.withdrawnAt = now
            try transaction.note(
                TimelineEntry(at: now, name: "withdrawn", kind: .withdrawn, note: reason), of: id)
            try transaction.move(id, at: now.milliseconds)
            try transaction.write(provider.entry(.withdrew, id, at: now))
            if request.decision != nil {
                let change = StatusChange(step: .canceled, at: now, traceParent: traceParent)
                try transaction.take(change, to: .canceled, &request)
            }
            return .withdrawn(request)
        }
    }

    /// Replaces contact data as long as nobody has begun.
    func correct(
        _ id: RequestID, by provider: Provider, _ patch: ContactPatch, contact: ContactRule, at now: Date,
        precondition: @escaping @Sendable (StoredRequest) -> Bool
    ) async throws(StoreError) -> CorrectionOutcome {
        try await write { transaction in
            try transaction.lock(id)
            guard var request = try transaction.request(id), request.provider.id == provider.id,
                let number = try transaction.number(of: id)
            else { return .unknown }
            guard precondition(request) else { return .preconditionFailed }
            guard request.erasedAt == nil else { return .erased }
            guard request.withdrawnAt == nil else { return .withdrawn }
            let isBegun = request.organizationProgress.changedAt != nil || request.assignment?.hands != nil
            guard !isBegun else { return .begun }
            let changed = patch.applied(to: request.submission)
            guard changed != request.submission else { return .unchanged(request) }
            let errors = contact.errors(phone: changed.phone, email: changed.email)
            guard errors.isEmpty else { return .unreachable(errors) }
            // Under its old words it is not found any more; under the new ones at once.
            try transaction.forgetWords(of: number)
            try transaction.execute(
                "UPDATE correction SET name = '', phone = '', email = '' WHERE request = ?", [number])
            try transaction.execute(
                "INSERT INTO correction (request, name, phone, email) VALUES (?, ?, ?, ?)",
                [number, changed.name, changed.phone, changed.email])
            try transaction.execute("UPDATE request SET corrected_at = ? WHERE id = ?", [now, id])
            try transaction.learnWords(of: number)
            let before = request.submission
            request.submission = changed
            request.correctedAt = now
            let fields = changed.differences(from: before).joined(separator: ", ")
            try transaction.note(
                TimelineEntry(
                    at: now, name: "corrected/\(now.milliseconds)", kind: .corrected, detail: fields), of: id)
            try transaction.move(id, at: now.milliseconds)
            try transaction.write(provider.entry(.corrected, id, at: now, fields))
            return .corrected(request)
        }
    }

    // MARK: Telling again

    /// How many of a partner's callbacks one wish sends again at most.
    static let mostResent = 5000

    /// The provider's requests that have had news since a time, the oldest first.
    /// - Parameter untakenOnly: whether only those whose newest news the partner has not taken.
    func news(
        of provider: String, since: Date, untakenOnly: Bool, limit: Int
    ) async throws(StoreError) -> [RequestID] {
        try await read { transaction in
            let lower = RequestID.lowerBound(since.before(.milliseconds(1)))
            // Each goes along an index of its own, and ends with as many as are asked for.
            var parts: [(sql: String, values: StoreValues)] = []
            if untakenOnly {
                parts.append(
                    (
                        """
                        SELECT id FROM \(transaction.dialect.along("request_untold_by_provider", of: "request"))
                        WHERE provider = ? AND told_at IS NULL AND id >= ? AND decided_at IS NOT NULL
                        ORDER BY id LIMIT ?
                        """, [provider, lower, limit]
                    ))
                parts.append(
                    (
                        """
                        SELECT id FROM \(transaction.dialect.along("request_untaken", of: "request"))
                        WHERE provider = ? AND \(Self.isChangedAndUntaken) AND status_changed_at >= ?
                        ORDER BY id LIMIT ?
                        """, [provider, since, limit]
                    ))
            } else {
                parts.append(
                    (
                        """
                        SELECT id FROM \(transaction.dialect.along("request_by_provider", of: "request"))
                        WHERE provider = ? AND id >= ? AND decided_at IS NOT NULL ORDER BY id LIMIT ?
                        """, [provider, lower, limit]
                    ))
                parts.append(
                    (
                        """
                        SELECT id FROM \(transaction.dialect.along("request_by_change", of: "request"))
                        WHERE provider = ? AND status_changed_at IS NOT NULL AND status_changed_at >= ?
                        ORDER BY status_changed_at LIMIT ?
                        """, [provider, since, limit]
                    ))
            }
            let untaken = untakenOnly ? " AND told_at IS NULL" : ""
            parts.append(
                (
                    """
                    SELECT id FROM review JOIN request ON request.number = review.request
                    WHERE provider = ? AND decided_at >= ?\(untaken) ORDER BY id LIMIT ?
                    """, [provider, since, limit]
                ))
            let found = try parts.map { part in
                try transaction.rows(part.sql, part.values) { try $0["id"] as String }
            }
            return try Set(found.joined()).sorted().prefix(limit).map { text in
                guard let id = RequestID(text) else { throw StoreError(code: .unreadable, detail: "request.id") }
                return id
            }
        }
    }

    /// A row of `request` whose newest step its partner has not taken. An index holds these alone: SQLite finds it by
    /// the very words, and turns a comparison round that has its column on the right.
    static let isChangedAndUntaken = """
        status_changed_at IS NOT NULL
        AND sequence > coalesce(newest_told_sequence, told_sequence, CASE WHEN told_at IS NULL THEN 0 ELSE 1 END)
        """

    /// Puts the newest of each into the outbox once more, in one commit.
    /// - Returns: how many had something to tell.
    func resend(_ ids: [RequestID], by provider: Provider, at now: Date) async throws(StoreError) -> Int {
        try await write { transaction in
            var count = 0
            // Each in the order of the ids: two at once wait for each other, and never in a circle.
            for id in ids.sorted(by: { $0.description < $1.description }) {
                try transaction.lock(id)
                guard let request = try transaction.request(id), request.provider.id == provider.id,
                    request.decision != nil
                else { continue }
                try transaction.tellAgain(request, by: UUID(), at: now)
                count += 1
            }
            return count
        }
    }

    func note(_ action: AuditEntry.Action, by provider: Provider, at now: Date, _ detail: String)
        async throws(StoreError)
    {
        try await note(provider.entry(action, nil, at: now, detail))
    }

    // MARK: Sessions

    func openPartnerSession(
        _ hash: [UInt8], of provider: Provider, token: [UInt8], until: Date, at now: Date
    ) async throws(StoreError) {
        try await write { transaction in
            // What has ended long ago says nothing any more.
            try transaction.execute("DELETE FROM partner_session WHERE expires_at < ?", [now])
            try transaction.execute(
                """
                INSERT INTO partner_session (hash, provider, token, started_at, expires_at) VALUES (?, ?, ?, ?, ?)
                """, [hash, provider.id, token, now, until])
            try transaction.write(provider.entry(.signedIn, nil, at: now))
        }
    }

    /// By which token a session was opened; `nil` when it has ended or never was.
    func partnerSession(_ hash: [UInt8], at now: Date) async throws(StoreError) -> (provider: String, token: [UInt8])? {
        try await read { transaction in
            try transaction.first(
                "SELECT provider, token FROM partner_session WHERE hash = ? AND expires_at > ? AND ended_at IS NULL",
                [hash, now]
            ) { (provider: try $0["provider"], token: try $0["token"]) }
        }
    }

    func endPartnerSession(_ hash: [UInt8], of provider: Provider, at now: Date) async throws(StoreError) {
        try await write { transaction in
            try transaction.execute(
                "UPDATE partner_session SET ended_at = ? WHERE hash = ? AND ended_at IS NULL", [now, hash])
            try transaction.write(provider.entry(.signedOut, nil, at: now))
        }
    }

    // MARK: What a partner looks at

    /// Whether a provider's endpoint is left alone at the moment.
    func degradedEndpoint(of provider: String) async throws(StoreError) -> DegradedEndpoint? {
        try await read { try $0.endpoint(of: provider) }
    }

    /// The jobs of a provider's requests whose newest news it has not taken, the newest first.
    func untaken(of provider: String, before: RequestID?, limit: Int) async throws(StoreError) -> [StoredJob] {
        try await read { transaction in
            let before = before?.description ?? "g"
            func ids(_ index: String, _ condition: String) throws -> [String] {
                try transaction.rows(
                    """
                    SELECT id FROM \(transaction.dialect.along(index, of: "request"))
                    WHERE provider = ? AND \(condition) AND id < ? ORDER BY id DESC LIMIT ?
                    """, [provider, before, limit]
                ) { try $0["id"] }
            }
            let found =
                try ids("request_untold_by_provider", "told_at IS NULL AND decided_at IS NOT NULL")
                + ids("request_untaken", Self.isChangedAndUntaken)
            return try Set(found).sorted(by: >).prefix(limit).compactMap { text in
                try RequestID(text).flatMap { try transaction.job($0) }
            }
        }
    }
}

extension StoreTransaction {
    /// Puts the newest thing that the partner is to be told into the outbox, under an id that nobody has seen.
    /// Something must be decided.
    /// - Returns: the event.
    @discardableResult
    func tellAgain(_ request: StoredRequest, by eventID: UUID, at now: Date) throws -> EventMessage {
        let event = try StoreError.reading("request") { () throws(ContractError) in
            try request.newsEvent(id: eventID)
        }
        try execute("UPDATE request SET expired_at = NULL WHERE id = ?", [request.id])
        try move(request.id, at: now.milliseconds)
        try note(
            TimelineEntry(
                at: now, name: eventID.canonical, kind: .resent, stage: .callback,
                sequence: request.organizationProgress.sequence), of: request.id)
        try enqueue(event, at: now)
        return event
    }
}

extension Provider {
    /// What a partner did by its own token. It has no person's name.
    func entry(
        _ action: AuditEntry.Action, _ request: RequestID?, at date: Date, _ detail: String? = nil
    ) -> AuditEntry {
        AuditEntry(
            at: date, person: "partner \(id)", organization: organization, action: action, request: request,
            detail: detail)
    }
}
