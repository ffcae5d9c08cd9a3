import Contracts
import GRDB

extension SQLiteRequestStore {
    func requests(
        _ filter: RequestFilter, before: RequestID?, limit: Int
    ) async throws(StoreError) -> [StoredRequest] {
        let query = RequestSelection(filter, before: before)
        return try await read { database in
            let statement = try database.cachedStatement(sql: query.sql)
            return try requests(statement, query.arguments, limit: limit, database)
        }
    }
}

/// A filter as SQL. Goes along one index from the newest id to the oldest. Every index begins with whose requests they
/// are, so that nobody's question goes through the rows of others; of these the one of the condition that leaves least
/// is chosen here, since the planner knows nothing of what is rare. A cross join keeps the tables in this order.
struct RequestSelection {
    let sql: String
    let arguments: StatementArguments

    init(_ filter: RequestFilter, before: RequestID?) {
        var conditions: [String] = []
        var values: [(any DatabaseValueConvertible)?] = []
        func add(_ condition: String, _ value: (any DatabaseValueConvertible)? = nil) {
            conditions.append(condition)
            if let value { values.append(value) }
        }
        if let county = filter.county { add("county_fips = ?", county) }
        switch filter.status {
        case .new?: add("(status IS NULL OR status = 'new')")
        case let status?: add("status = ?", status.rawValue)
        case nil: break
        }
        switch filter.job {
        case .inProgress?: add("told_at IS NULL AND NOT \(SQLiteRequestStore.isDead)")
        case .failed?: add("told_at IS NULL AND \(SQLiteRequestStore.isDead)")
        case .completed?: add("told_at IS NOT NULL")
        case nil: break
        }
        switch filter.decision {
        case .accepted?: add("acceptance = 1")
        case .declined?: add("acceptance = 0")
        // Whose answer the partner has taken is decided, whether or not that has come here yet.
        case .pending?: add("told_at IS NULL AND decided_at IS NULL")
        case .review?: add("told_at IS NULL AND \(SQLiteRequestStore.isAsked)")
        case nil: break
        }
        if let state = filter.state { add("state = ?", state) }
        if let provider = filter.provider { add("provider = ?", provider) }
        if let organization = filter.organization { add("organization = ?", organization) }
        // An id begins with the time of acceptance, to a millisecond: that is where the index is entered and left.
        if let from = filter.from {
            add("id >= ?", RequestID.lowerBound(from.before(.milliseconds(1))))
            add("accepted_at >= ?", from.milliseconds)
        }
        if let to = filter.to {
            add("id < ?", RequestID.lowerBound(to.before(.milliseconds(-1))))
            add("accepted_at < ?", to.milliseconds)
        }
        // The smallest text that is greater than every id.
        add("id < ?", before?.description ?? "g")
        sql = """
            SELECT * FROM request INDEXED BY \(Self.index(for: filter)) CROSS JOIN person USING (number)
                LEFT JOIN review ON review.request = request.number
            WHERE \(conditions.joined(separator: " AND ")) ORDER BY id DESC LIMIT ?
            """
        arguments = StatementArguments(values + [SQLiteRequestStore.noLimit])
    }

    private static func index(for filter: RequestFilter) -> String {
        let isUntold =
            filter.decision == .pending || filter.decision == .review || filter.job == .inProgress
            || filter.job == .failed
        switch filter.tenant ?? (filter.provider == nil ? .organization : .provider) {
        case .provider: return isUntold ? "request_untold_by_provider" : "request_by_provider"
        case .organization:
            if filter.county != nil { return "request_by_county" }
            if let status = filter.status, status != .new { return "request_by_status" }
            return isUntold ? "request_untold_by_organization" : "request_by_organization"
        }
    }
}
