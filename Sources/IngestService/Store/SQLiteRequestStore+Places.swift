import Contracts
import GRDB

import struct Foundation.Date

extension SQLiteRequestStore {
    /// Goes along the ids, which begin with the time of acceptance, to a millisecond.
    func requests(
        acceptedSince since: Date?, of organization: String?, after: RequestID?, limit: Int
    ) async throws(StoreError) -> [StoredRequest] {
        let lower = since.map { RequestID.lowerBound($0.before(.milliseconds(1))) } ?? ""
        var conditions = "id > ? AND accepted_at >= ?"
        var values: [(any DatabaseValueConvertible)?] = [
            max(lower, after?.description ?? ""), since?.milliseconds ?? Int64.min,
        ]
        if let organization {
            conditions += " AND organization = ?"
            values.append(organization)
        }
        let (sql, arguments) = (conditions, StatementArguments(values + [Self.noLimit]))
        return try await read { database in
            let statement = try database.cachedStatement(
                sql: "SELECT * FROM request CROSS JOIN person USING (number) WHERE \(sql) ORDER BY id LIMIT ?")
            return try requests(statement, arguments, limit: limit, database)
        }
    }
}
