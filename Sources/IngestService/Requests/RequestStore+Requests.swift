import Contracts
import Logging

import struct Foundation.Date

extension RequestStore {
    /// The request with this id, whoever sent it; `nil` when there is none.
    func request(_ id: RequestID) async throws(StoreError) -> StoredRequest? {
        try await read { try $0.request(id) }
    }

    /// The requests of a statement's rows; it is left when there are enough. One that cannot be read is logged and left
    /// out: it must not take the others with it.
    func requests(
        _ sql: String, _ values: StoreValues, limit: Int, in transaction: StoreTransaction
    ) throws -> [StoredRequest] {
        var found: [StoredRequest] = []
        guard limit > 0 else { return found }
        try transaction.forEachRow(sql, values, page: limit) { row in
            do { found.append(try transaction.stored(row)) } catch let error as StoreError {
                let id: String? = try row["id"]
                logger.error(
                    "A request's row cannot be read.",
                    metadata: ["request_id": "\(id ?? "")", "error": "\(error)"])
            }
            return found.count < limit
        }
        return found
    }
}

extension StoreTransaction {
    func request(_ id: RequestID) throws -> StoredRequest? {
        try first(
            """
            SELECT * FROM request JOIN person USING (number)
                LEFT JOIN review ON review.request = request.number
            WHERE id = ?
            """, [id], stored)
    }

    /// - Parameter row: of `request` joined with `person` and, where there is one, `review`.
    func stored(_ row: StoreRow) throws -> StoredRequest {
        var request = try StoredRequest(row)
        request.stageFailures = try rows(
            "SELECT * FROM stage_trouble WHERE request_id = ? ORDER BY stage, message_id", [request.id],
            StageFailureRecord.init
        ).compactMap { $0 }
        request.assignment = try assignment(of: try row["number"])
        if request.correctedAt != nil { request.submission = try submission(row) }
        return request
    }

    /// The requests with these ids, in their order: as `request`, with a few statements for all of them together.
    func requests(_ ids: [RequestID]) throws -> [StoredRequest] {
        let found = try requests(by: "id", ids.map(\.storeValue))
        return ids.compactMap { found.byID[$0] }
    }

    /// The requests with these numbers, in their order.
    func requests(numbered numbers: [Int64]) throws -> [StoredRequest] {
        let found = try requests(by: "number", numbers.map(\.storeValue))
        return numbers.compactMap { found.byNumber[$0] }
    }

    /// How many one statement asks for.
    private static let atOnce = 250

    private func requests(
        by column: String, _ keys: [StoreValue]
    ) throws -> (byID: [RequestID: StoredRequest], byNumber: [Int64: StoredRequest]) {
        var (byID, byNumber): ([RequestID: StoredRequest], [Int64: StoredRequest]) = ([:], [:])
        for start in stride(from: 0, to: keys.count, by: Self.atOnce) {
            let part = StoreValues(Array(keys[start..<min(start + Self.atOnce, keys.count)]))
            let wanted = "\(column) IN (\(Array(repeating: "?", count: part.all.count).joined(separator: ", ")))"
            var failures: [RequestID: [StageFailureRecord]] = [:]
            try forEachRow(
                """
                SELECT * FROM stage_trouble WHERE request_id IN (SELECT id FROM request WHERE \(wanted))
                ORDER BY stage, message_id
                """, part
            ) { row in
                if let failure = try StageFailureRecord(row) {
                    failures[try row["request_id"], default: []].append(failure)
                }
                return true
            }
            var assignments: [Int64: Assignment] = [:]
            try forEachRow(
                "SELECT * FROM assignment WHERE request IN (SELECT number FROM request WHERE \(wanted))", part
            ) { row in
                assignments[try row["request"]] = try Assignment(row)
                return true
            }
            try forEachRow(
                """
                SELECT * FROM request JOIN person USING (number)
                    LEFT JOIN review ON review.request = request.number
                WHERE \(wanted)
                """, part
            ) { row in
                var request = try StoredRequest(row)
                let number: Int64 = try row["number"]
                request.stageFailures = failures[request.id] ?? []
                request.assignment = assignments[number]
                if request.correctedAt != nil { request.submission = try submission(row) }
                byID[request.id] = request
                byNumber[number] = request
                return true
            }
        }
        return (byID, byNumber)
    }

    /// What a partner has sent, with what it has corrected since.
    /// - Parameter row: of `request` joined with `person`.
    func submission(_ row: StoreRow) throws -> Submission {
        var submission = try Submission(row)
        let correctedAt: Date? = try row["corrected_at"]
        guard correctedAt != nil else { return submission }
        let number: Int64 = try row["number"]
        let corrected = try first(
            "SELECT name, phone, email FROM correction WHERE request = ? ORDER BY number DESC LIMIT 1", [number]
        ) { (name: try $0["name"] as String, phone: try $0["phone"] as String, email: try $0["email"] as String) }
        if let corrected {
            (submission.name, submission.phone, submission.email) = corrected
        }
        return submission
    }

    /// Says that a request has moved, or will at that time.
    func move(_ id: RequestID, at time: Int64) throws {
        try execute("UPDATE request SET moved_at = ?1 WHERE id = ?2 AND moved_at < ?1", [time, id])
    }
}

extension StoredRequest {
    fileprivate init(_ row: StoreRow) throws(StoreError) {
        let submission = try Submission(row)
        self.init(
            id: try row["id"],
            provider: Provider(id: try row["provider"], organization: try row["organization"]),
            submission: submission,
            acceptedAt: try row["accepted_at"],
            geocoding: try Geocoding.recorded(row, of: submission),
            review: try ReviewQuestion.recorded(row),
            decision: try Decision.recorded(row),
            receipt: try Receipt(row),
            organizationProgress: try OrganizationProgress(row),
            lastNotified: try LastNotified(row),
            expiredAt: try row["expired_at"],
            erasedAt: try row["erased_at"],
            withdrawnAt: try row["withdrawn_at"],
            correctedAt: try row["corrected_at"])
    }
}

extension Submission {
    /// - Parameter row: of `request` joined with `person`.
    init(_ row: StoreRow) throws(StoreError) {
        self.init(
            providerRequestID: try row["provider_request_id"],
            name: try row["name"],
            address: PostalAddress(
                street: try row["street"], city: try row["city"], state: try row["state"], zip: try row["zip"]),
            phone: try row["phone"],
            email: try row["email"],
            providerData: try row["provider_data"],
            unit: try row["unit"], language: try row["language"], need: try row["need"], notes: try row["notes"])
    }
}
