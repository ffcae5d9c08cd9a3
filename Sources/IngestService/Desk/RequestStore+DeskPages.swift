import Contracts
import Foundation

extension RequestStore {
    /// A page of a list. Each list goes along one index, and looks at a bounded number of rows: then it says how far
    /// it came.
    func deskPage(_ query: DeskQuery) async throws(StoreError) -> DeskPage {
        try await read { transaction in
            if let text = query.text { return try transaction.found(text, query) }
            return query.sort == .due ? try transaction.byDue(query) : try transaction.listed(query)
        }
    }
}

extension StoreTransaction {
    /// How many requests a list that is filtered may look at.
    private static let mostLookedAt = 12_000

    fileprivate func listed(_ query: DeskQuery) throws -> DeskPage {
        var ids: [RequestID] = []
        let edge = try listedRows(query, "id") { row in
            ids.append(try row["id"])
            return ids.count <= query.limit
        }
        var page = DeskPage(requests: try requests(Array(ids.prefix(query.limit))))
        if ids.count > query.limit {
            page.next = page.requests.last.map { .init(id: $0.id) }
        } else if let edge, !Self.rest(query).sql.isEmpty {
            page.next = .init(id: edge)
            page.lookedTo = try request(edge).map { .accepted($0.acceptedAt) }
        }
        return page
    }

    /// Calls `body` with the rows of a list, along one index and in its order, until it returns `false` or enough was
    /// looked at.
    /// - Returns: the last row that was to be looked at, where there may be more.
    func listedRows(_ query: DeskQuery, _ columns: String, _ body: (StoreRow) throws -> Bool) throws -> RequestID? {
        let isNewest = query.sort != .oldest
        var (key, index) = Self.key(query)
        key.add(Self.days(query))
        if let after = query.after { key.add(isNewest ? "id < ?" : "id > ?", after.id) }
        let (order, table) = (isNewest ? "DESC" : "ASC", dialect.along(index, of: "request"))
        let rest = Self.rest(query)
        let edge: RequestID? = try value(
            """
            SELECT id FROM \(table) WHERE \(key.text) ORDER BY id \(order) LIMIT 1 OFFSET \(Self.mostLookedAt)
            """, key.values)
        if let edge { key.add(isNewest ? "id >= ?" : "id <= ?", edge) }
        try forEachRow(
            """
            SELECT \(columns) FROM \(table) LEFT JOIN assignment ON assignment.request = request.number
            WHERE \(key.text)\(rest.sql.isEmpty ? "" : " AND \(dialect.likely(rest.text))")
            ORDER BY id \(order)
            """, key.values + rest.values, page: query.limit + 1, body)
        return edge
    }

    /// By the day that it is due: what is in somebody's hands and open.
    fileprivate func byDue(_ query: DeskQuery) throws -> DeskPage {
        var key = StoreConditions()
        var index = "assignment_by_due"
        key.add("assignment.organization = ?", query.organization)
        switch query.holder {
        case .person(let name):
            key.add("assignee = ?", name)
            index = "assignment_by_assignee"
        case .team(let name):
            key.add("team = ?", name)
            index = "assignment_by_team"
        case .anybody, .nobody: break
        }
        key.add("is_open = 1")
        key.add("due >= ?", query.after?.due?.description ?? "0")
        if let after = query.after, let due = after.due, let number = try number(of: after.id) {
            key.add("(due, assignment.request) > (?, ?)", due.description, number)
        }
        let table = dialect.along(index, of: "assignment")
        let rest = Self.unkeyed(query)
        // What is looked at ends here, if there is so much.
        let edge =
            rest.sql.isEmpty
            ? nil
            : try first(
                """
                SELECT due, request FROM \(table) WHERE \(key.text)
                ORDER BY due, request LIMIT 1 OFFSET \(Self.mostLookedAt)
                """, key.values
            ) { (due: try $0["due"] as String, number: try $0["request"] as Int64) }
        if let edge { key.add("(due, assignment.request) <= (?, ?)", edge.due, edge.number) }
        key.add(rest)
        let ids = try rows(
            """
            SELECT id FROM \(table) \(dialect.joinInOrder) request ON request.number = assignment.request
            WHERE \(key.text) ORDER BY due, assignment.request LIMIT ?
            """, key.values + [query.limit + 1]
        ) { try $0["id"] as RequestID }
        var page = DeskPage(requests: try requests(Array(ids.prefix(query.limit))))
        if ids.count > query.limit {
            page.next = page.requests.last.map { .init(id: $0.id, due: $0.assignment?.due) }
        } else if let edge, let due = Day(edge.due), let last = try stored(number: edge.number) {
            page.next = .init(id: last.id, due: due)
            page.lookedTo = .due(due)
        }
        return page
    }

    fileprivate func found(_ text: SearchText, _ query: DeskQuery) throws -> DeskPage {
        let (sorted, reached) = try found(text, query, limit: query.limit + 1)
        var page = DeskPage(requests: try requests(numbered: Array(sorted.prefix(query.limit))))
        if sorted.count > query.limit {
            page.next = page.requests.last.map { .init(id: $0.id) }
        } else if let reached, let last = try stored(number: reached) {
            page.next = .init(id: last.id)
            page.lookedTo = .accepted(last.acceptedAt)
        }
        return page
    }

    /// By words: the index of words comes near, and the requests themselves say whether they are meant. What is called
    /// so by the partner or by us comes with them.
    /// - Returns: `reached` is the last that was looked at, where there may be more.
    func found(
        _ text: SearchText, _ query: DeskQuery, limit: Int
    ) throws -> (numbers: [Int64], reached: Int64?) {
        let isNewest = query.sort != .oldest
        let rest = Self.unkeyed(query)
        let after = try query.after.flatMap { try number(of: $0.id) }
        let words = try numbers(
            with: text, of: query.organization, rest, isNewest: isNewest, after: after, limit: limit)
        var found = Set(words.found)
        for number in try numbers(called: text, of: query.organization) {
            if let after, isNewest ? number >= after : number <= after { continue }
            // What lies behind the place where the words' requests end belongs to a page that follows.
            if let end = words.reached, isNewest ? number < end : number > end { continue }
            if rest.sql.isEmpty { found.insert(number) } else if try isListed(number, rest) { found.insert(number) }
        }
        return (found.sorted(by: isNewest ? (>) : (<)), words.reached)
    }

    private func isListed(_ number: Int64, _ conditions: StoreConditions) throws -> Bool {
        let found: Int64? = try value(
            """
            SELECT number FROM request LEFT JOIN assignment ON assignment.request = request.number
            WHERE number = ? AND \(conditions.text)
            """, [number] + conditions.values)
        return found != nil
    }

    // MARK: Conditions

    /// What an index answers, and which one.
    private static func key(_ query: DeskQuery) -> (StoreConditions, String) {
        var key = StoreConditions()
        key.add("request.organization = ?", query.organization)
        switch query.state {
        case .all:
            return (key, "request_by_organization")
        case .review:
            key.add("told_at IS NULL")
            return (key, "request_untold_by_organization")
        case .declined:
            key.add("acceptance = 0")
            key.add("coalesce(status, 'new') = 'new'")
        case .checking:
            key.add("acceptance IS NULL")
            key.add("coalesce(status, 'new') = 'new'")
        case .new, .assigned, .scheduled, .completed, .canceled:
            key.add("acceptance = 1")
            key.add("coalesce(status, 'new') = ?", query.state.rawValue)
        }
        return (key, "request_by_desk")
    }

    /// An id begins with the time of acceptance.
    private static func days(_ query: DeskQuery) -> StoreConditions {
        var days = StoreConditions()
        if let from = query.from { days.add("id >= ?", RequestID.lowerBound(from.start)) }
        if let to = query.to { days.add("id < ?", RequestID.lowerBound(to.adding(1).start)) }
        return days
    }

    /// Everything, where the way does not go along an index of requests.
    private static func unkeyed(_ query: DeskQuery) -> StoreConditions {
        var all = query.state == .all ? StoreConditions() : key(query).0
        all.add(days(query))
        all.add(rest(query))
        return all
    }

    /// What the index does not answer.
    private static func rest(_ query: DeskQuery) -> StoreConditions {
        var rest = StoreConditions()
        if query.state == .review { rest.add(JobCondition.isInReview) }
        if query.state == .checking { rest.add("NOT \(JobCondition.isAsked)") }
        if let place = query.place { rest.add("lower(state) = lower(?)", place) }
        if let zip = query.zip { rest.add("zip LIKE ?", "\(zip)%") }
        if let city = query.city { rest.add("lower(city) LIKE ? ESCAPE '\\'", "\(pattern(city.lowercased()))%") }
        switch query.holder {
        case .anybody: break
        case .nobody: rest.add("assignee IS NULL AND team IS NULL")
        case .person(let name): rest.add("assignee = ?", name)
        case .team(let name): rest.add("team = ?", name)
        }
        switch query.due {
        case .any: break
        case .overdue: rest.add("due < ? AND is_open = 1", query.today.description)
        case .week:
            rest.add("due >= ? AND is_open = 1", query.today.description)
            rest.add("due <= ?", query.today.adding(7).description)
        case .some: rest.add("due IS NOT NULL")
        case .none: rest.add("due IS NULL")
        }
        return rest
    }

    private static func pattern(_ text: String) -> String {
        text.replacing("\\", with: "\\\\").replacing("%", with: "\\%").replacing("_", with: "\\_")
    }
}
