import Contracts

import struct Foundation.Date

extension RequestStore {
    /// Requests, newest first.
    /// - Parameters:
    ///   - filter: names a provider or an organisation at least.
    ///   - before: only what is older than this one.
    ///   - limit: how many at most.
    func requests(
        _ filter: RequestFilter, before: RequestID?, limit: Int
    ) async throws(StoreError) -> RequestListPage {
        try await read { transaction in
            var query = RequestSelection(filter, before: before, transaction.dialect)
            let edge: RequestID? = try query.edge.flatMap { try transaction.value($0.sql, $0.values) }
            if let edge { query = RequestSelection(filter, before: before, downTo: edge, transaction.dialect) }
            // One more than asked for tells whether there is a next page.
            let found = try requests(query.sql, query.values, limit: limit + 1, in: transaction)
            let shown = Array(found.prefix(limit))
            return RequestListPage(requests: shown, next: found.count > limit ? shown.last?.id : edge)
        }
    }

    /// Requests that were accepted at a time or later, oldest first. Goes along the ids, which begin with the time of
    /// acceptance, to a millisecond.
    /// - Parameters:
    ///   - since: `nil` for all.
    ///   - organization: `nil` for any.
    ///   - after: only what is younger than this one.
    ///   - limit: how many at most.
    func requests(
        acceptedSince since: Date?, of organization: String?, after: RequestID?, limit: Int
    ) async throws(StoreError) -> [StoredRequest] {
        let lower = since.map { RequestID.lowerBound($0.before(.milliseconds(1))) } ?? ""
        let start = max(lower, after?.description ?? "")
        return try await read { transaction in
            let (condition, values): (String, StoreValues) =
                organization.map { (" AND organization = ?", [$0]) } ?? ("", [])
            return try requests(
                """
                SELECT * FROM request \(transaction.dialect.joinInOrder) person USING (number)
                WHERE id > ? AND accepted_at >= ?\(condition) ORDER BY id
                """, [start, since?.milliseconds ?? Int64.min] + values, limit: limit, in: transaction)
        }
    }
}

/// A page of a list, newest first.
struct RequestListPage: Sendable {
    var requests: [StoredRequest]
    /// The next page has what is older than this one; `nil` when there is none. A page may end before it is full, even
    /// empty: where the conditions leave out much, it ends when enough was looked at.
    var next: RequestID?
}

/// A filter as SQL. Goes along one index from the newest id to the oldest. Every index begins with whose requests they
/// are, so that nobody's question goes through the rows of others; of these the one of the condition that leaves least
/// is chosen here, since the planner knows nothing of what is rare. A cross join keeps the tables in this order.
///
/// What the index does not answer is one condition that is called likely: the more conditions the planner sees, the
/// fewer rows it expects, and at last it would rather sort all of them than go along the index.
struct RequestSelection {
    /// A condition and what stands in its places.
    private typealias Term = (sql: String, values: StoreValues)

    let sql: String
    let values: StoreValues
    /// Finds the last request that one page looks at, where it looks at more than it shows and there are so many.
    let edge: (sql: String, values: StoreValues)?

    /// How many requests one page looks at.
    static let mostLookedAt = 12_000

    /// - Parameter edge: where to stop, see `edge`.
    init(_ filter: RequestFilter, before: RequestID?, downTo edge: RequestID? = nil, _ dialect: StoreDialect) {
        let tenant = filter.tenant ?? (filter.provider == nil ? .organization : .provider)
        let (index, isUntold) = Self.index(for: filter, of: tenant)
        // One for each partner at most: found along the index that keeps their ids apart.
        let table =
            filter.providerRequestID == nil
            ? dialect.along(index, of: "request") : tenant == .provider ? "request" : dialect.byNumber("request")
        var (keys, rest): ([Term], [Term]) = ([], [])
        func add(_ sql: String, _ value: (any StoreConvertible)? = nil, isKey: Bool = false) {
            let term: Term = (sql, value.map { [$0] } ?? [])
            if isKey { keys.append(term) } else { rest.append(term) }
        }
        if let provider = filter.provider { add("provider = ?", provider, isKey: tenant == .provider) }
        if let theirs = filter.providerRequestID {
            add(
                tenant == .provider ? "provider_request_id = ?" : "number IN (\(Self.numbersCalled))", theirs,
                isKey: true)
        }
        if let organization = filter.organization {
            add("organization = ?", organization, isKey: tenant == .organization)
        }
        if isUntold { add("told_at IS NULL", isKey: true) }
        if let county = filter.county { add("county_fips = ?", county, isKey: index == "request_by_county") }
        switch filter.status {
        case .new?: add("(status IS NULL OR status = 'new')")
        case let status?: add("status = ?", status, isKey: index == "request_by_status")
        case nil: break
        }
        switch filter.job {
        case .inProgress?: add("NOT \(JobCondition.isFailed)")
        case .failed?: add(JobCondition.isFailed)
        case .completed?: add("told_at IS NOT NULL")
        case nil: break
        }
        switch filter.decision {
        case .accepted?: add("acceptance = 1")
        case .declined?: add("acceptance = 0")
        // Whose answer the partner has taken is decided, whether or not that has come here yet.
        case .pending?: add("decided_at IS NULL")
        case .review?: add(JobCondition.isAsked)
        case nil: break
        }
        if let state = filter.state { add("lower(state) = lower(?)", state) }
        // An id begins with the time of acceptance, to a millisecond: that is where the index is entered and left.
        if let from = filter.from {
            add("id >= ?", RequestID.lowerBound(from.before(.milliseconds(1))), isKey: true)
            add("accepted_at >= ?", from)
        }
        // The smallest text that is greater than every id.
        var end = before?.description ?? "g"
        if let to = filter.to {
            end = min(end, RequestID.lowerBound(to.before(.milliseconds(-1))))
            add("accepted_at < ?", to)
        }
        add("id < ?", end, isKey: true)
        if let edge { add("id >= ?", edge, isKey: true) }
        var conditions = keys.map(\.sql)
        if !rest.isEmpty { conditions.append(dialect.likely(rest.map(\.sql).joined(separator: " AND "))) }
        sql = """
            SELECT * FROM \(table) \(dialect.joinInOrder) person USING (number)
                LEFT JOIN review ON review.request = request.number
            WHERE \(conditions.joined(separator: " AND ")) ORDER BY id DESC
            """
        values = (keys + rest).reduce([]) { $0 + $1.values }
        self.edge =
            rest.isEmpty
            ? nil
            : (
                """
                SELECT id FROM \(table) WHERE \(keys.map(\.sql).joined(separator: " AND "))
                ORDER BY id DESC LIMIT 1 OFFSET \(Self.mostLookedAt - 1)
                """, keys.reduce([]) { $0 + $1.values }
            )
    }

    /// The numbers of all requests that partners call so: one look-up for each partner, from one name to the next along
    /// the index that keeps their ids apart.
    static let numbersCalled = """
        WITH RECURSIVE sender (name) AS (
            SELECT min(provider) FROM request
            UNION ALL
            SELECT (SELECT min(provider) FROM request WHERE provider > sender.name) FROM sender
            WHERE sender.name IS NOT NULL
        )
        SELECT number FROM sender JOIN request ON request.provider = sender.name
        WHERE provider_request_id = ?
        """

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
    /// The provider's own id of a request.
    var providerRequestID: String?
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
