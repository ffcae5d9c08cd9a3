import Contracts
import GRDB

extension SQLiteRequestStore {
    /// - Returns: whether it was written; `false` when the provider has sent this id before.
    static func insert(_ request: NewRequest, _ database: Database) throws -> Bool {
        let submission = request.submission
        try database.cachedStatement(
            sql: """
                INSERT INTO request (id, provider, provider_request_id, organization, accepted_at, city, state, zip,
                    moved_at)
                VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?5)
                ON CONFLICT (provider, provider_request_id) DO NOTHING
                """
        ).execute(arguments: [
            request.id.description, request.provider.id, submission.providerRequestID, request.provider.organization,
            request.acceptedAt.milliseconds, submission.address.city, submission.address.state,
            submission.address.zip,
        ])
        guard database.changesCount > 0 else { return false }
        try database.cachedStatement(
            sql: "INSERT INTO person (number, name, street, phone, email, provider_data) VALUES (?, ?, ?, ?, ?, ?)"
        ).execute(arguments: [
            database.lastInsertedRowID, submission.name, submission.address.street, submission.phone, submission.email,
            submission.providerData,
        ])
        return true
    }

    /// The request that made this one a duplicate.
    static func existing(_ request: NewRequest, _ database: Database) throws -> RequestID {
        let statement = try database.cachedStatement(
            sql: "SELECT id FROM request WHERE provider = ? AND provider_request_id = ?")
        let text = try String.fetchOne(
            statement, arguments: [request.provider.id, request.submission.providerRequestID])
        guard let id = text.flatMap(RequestID.init) else {
            throw StoreError(code: .unreadable, detail: "request.id")
        }
        return id
    }

    static func fetch(_ id: RequestID, _ database: Database) throws -> StoredRequest? {
        let statement = try database.cachedStatement(
            sql: """
                SELECT * FROM request JOIN person USING (number)
                    LEFT JOIN review ON review.request = request.number
                WHERE id = ?
                """)
        guard let row = try Row.fetchOne(statement, arguments: [id.description]) else { return nil }
        return try stored(row, database)
    }

    /// - Parameter row: of `request` joined with `person` and, where there is one, `review`.
    static func stored(_ row: Row, _ database: Database) throws -> StoredRequest {
        let troubles = try database.cachedStatement(
            sql: "SELECT * FROM stage_trouble WHERE request_id = ? ORDER BY stage, message_id")
        var request = try StoredRequest(row)
        request.troubles = try Row.fetchAll(troubles, arguments: [request.id.description]).compactMap(StageTrouble.init)
        return request
    }
}
