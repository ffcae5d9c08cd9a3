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
///
/// What the index does not answer is one condition that is called likely: the more conditions the planner sees, the
/// fewer rows it expects, and at last it would rather sort all of them than go along the index.
struct RequestSelection {
    /// A condition and what stands in its places.
    private typealias Term = (sql: String, values: [(any DatabaseValueConvertible)?])

    let sql: String
    let arguments: StatementArguments

    init(_ filter: RequestFilter, before: RequestID?) {
        let tenant = filter.tenant ?? (filter.provider == nil ? .organization : .provider)
        let (index, isUntold) = Self.index(for: filter, of: tenant)
        var (keys, rest): ([Term], [Term]) = ([], [])
        func add(_ sql: String, _ value: (any DatabaseValueConvertible)? = nil, isKey: Bool = false) {
            let term = (sql, value.map { [$0] } ?? [])
            if isKey { keys.append(term) } else { rest.append(term) }
        }
        if let provider = filter.provider { add("provider = ?", provider, isKey: tenant == .provider) }
        if let organization = filter.organization {
            add("organization = ?", organization, isKey: tenant == .organization)
        }
        if isUntold { add("told_at IS NULL", isKey: true) }
        if let county = filter.county { add("county_fips = ?", county, isKey: index == "request_by_county") }
        switch filter.status {
        case .new?: add("(status IS NULL OR status = 'new')")
        case let status?: add("status = ?", status.rawValue, isKey: index == "request_by_status")
        case nil: break
        }
        switch filter.job {
        case .inProgress?: add("NOT \(SQLiteRequestStore.isDead)")
        case .failed?: add(SQLiteRequestStore.isDead)
        case .completed?: add("told_at IS NOT NULL")
        case nil: break
        }
        switch filter.decision {
        case .accepted?: add("acceptance = 1")
        case .declined?: add("acceptance = 0")
        // Whose answer the partner has taken is decided, whether or not that has come here yet.
        case .pending?: add("decided_at IS NULL")
        case .review?: add(SQLiteRequestStore.isAsked)
        case nil: break
        }
        if let state = filter.state { add("state = ?", state) }
        // An id begins with the time of acceptance, to a millisecond: that is where the index is entered and left.
        if let from = filter.from {
            add("id >= ?", RequestID.lowerBound(from.before(.milliseconds(1))), isKey: true)
            add("accepted_at >= ?", from.milliseconds)
        }
        // The smallest text that is greater than every id.
        var end = before?.description ?? "g"
        if let to = filter.to {
            end = min(end, RequestID.lowerBound(to.before(.milliseconds(-1))))
            add("accepted_at < ?", to.milliseconds)
        }
        add("id < ?", end, isKey: true)
        var conditions = keys.map(\.sql)
        if !rest.isEmpty { conditions.append("likely(\(rest.map(\.sql).joined(separator: " AND ")))") }
        sql = """
            SELECT * FROM request INDEXED BY \(index) CROSS JOIN person USING (number)
                LEFT JOIN review ON review.request = request.number
            WHERE \(conditions.joined(separator: " AND ")) ORDER BY id DESC
            """
        arguments = StatementArguments((keys + rest).flatMap(\.values))
    }

    private static func index(
        for filter: RequestFilter, of tenant: RequestFilter.Tenant
    ) -> (name: String, isUntold: Bool) {
        let isUntold =
            filter.decision == .pending || filter.decision == .review || filter.job == .inProgress
            || filter.job == .failed
        switch tenant {
        case .provider: return (isUntold ? "request_untold_by_provider" : "request_by_provider", isUntold)
        case .organization:
            if filter.county != nil { return ("request_by_county", isUntold) }
            if let status = filter.status, status != .new { return ("request_by_status", isUntold) }
            return (isUntold ? "request_untold_by_organization" : "request_by_organization", isUntold)
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
        let (sql, arguments) = (conditions, StatementArguments(values))
        return try await read { database in
            let statement = try database.cachedStatement(
                sql: "SELECT * FROM request CROSS JOIN person USING (number) WHERE \(sql) ORDER BY id")
            return try requests(statement, arguments, limit: limit, database)
        }
    }
}
