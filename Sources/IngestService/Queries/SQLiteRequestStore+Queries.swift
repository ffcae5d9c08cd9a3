import Contracts
import GRDB

import struct Foundation.Date

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

/// Which requests are asked for; `nil` for any.
struct RequestFilter: Sendable, Equatable {
    enum Decided: String, Sendable, CaseIterable { case accepted, declined, pending, review }
    enum Job: String, Sendable, CaseIterable {
        case inProgress = "in-progress"
        case completed, failed
    }

    /// Who may ask for what.
    enum Tenant: Sendable { case provider, organization }

    /// Whose requests are asked about by whom: the other's name is only a condition among others. `nil` for the one
    /// that is named.
    var tenant: Tenant?
    var provider: String?
    var organization: String?
    /// USPS code, in either case.
    var state: String?
    /// County FIPS code, five digits.
    var county: String?
    var decision: Decided?
    var job: Job?
    var status: OrganizationStatus?
    /// Accepted at this time or later.
    var from: Date?
    /// Accepted before.
    var to: Date?
}

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
