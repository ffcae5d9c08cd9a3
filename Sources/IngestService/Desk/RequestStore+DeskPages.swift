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
    /// How many requests one search may look at; a list that is only filtered may look at four times as many.
    private static let mostLookedAt = 3000

    fileprivate func listed(_ query: DeskQuery) throws -> DeskPage {
        let isNewest = query.sort == .newest
        var (key, index) = Self.key(query)
        key.add(Self.days(query))
        if let after = query.after { key.add(isNewest ? "id < ?" : "id > ?", after.id) }
        let (order, table) = (isNewest ? "DESC" : "ASC", dialect.along(index, of: "request"))
        let rest = Self.rest(query)
        // What is looked at ends here, if there is so much.
        let edge: RequestID? =
            rest.sql.isEmpty
            ? nil
            : try value(
                """
                SELECT id FROM \(table) WHERE \(key.text) ORDER BY id \(order) LIMIT 1 OFFSET \(Self.mostLookedAt * 4)
                """, key.values)
        if let edge { key.add(isNewest ? "id >= ?" : "id <= ?", edge) }
        let ids = try rows(
            """
            SELECT id FROM \(table) LEFT JOIN assignment ON assignment.request = request.number
            WHERE \(key.text)\(rest.sql.isEmpty ? "" : " AND \(dialect.likely(rest.text))")
            ORDER BY id \(order) LIMIT ?
            """, key.values + rest.values + [query.limit + 1]
        ) { try $0["id"] as RequestID }
        var page = DeskPage(requests: try ids.prefix(query.limit).compactMap { try request($0) })
        if ids.count > query.limit {
            page.next = page.requests.last.map { .init(id: $0.id) }
        } else if let edge {
            page.next = .init(id: edge)
            page.lookedBackTo = try request(edge)?.acceptedAt
        }
        return page
    }

    /// By the day that it is due: what is in somebody's hands and open.
    fileprivate func byDue(_ query: DeskQuery) throws -> DeskPage {
        var key = StoreConditions()
        key.add("assignment.organization = ?", query.organization)
        key.add("is_open = 1")
        key.add("due >= ?", query.after?.due?.description ?? "0")
        if let after = query.after, let due = after.due, let number = try number(of: after.id) {
            key.add("(due, assignment.request) > (?, ?)", due.description, number)
        }
        key.add(Self.unkeyed(query))
        let ids = try rows(
            """
            SELECT id FROM \(dialect.along("assignment_by_due", of: "assignment")) \(dialect.joinInOrder) request
                ON request.number = assignment.request
            WHERE \(key.text) ORDER BY due, assignment.request LIMIT ?
            """, key.values + [query.limit + 1]
        ) { try $0["id"] as RequestID }
        let requests = try ids.prefix(query.limit).compactMap { try request($0) }
        let last = ids.count > query.limit ? requests.last : nil
        return DeskPage(requests: requests, next: last.map { .init(id: $0.id, due: $0.assignment?.due) })
    }

    /// By words: the index of words comes near, and the requests themselves say whether they are meant.
    fileprivate func found(_ text: SearchText, _ query: DeskQuery) throws -> DeskPage {
        var numbers = try candidates(text, of: query.organization)
        if query.sort == .oldest { numbers.reverse() }
        if let after = query.after, let last = try number(of: after.id) {
            numbers.removeAll { query.sort == .oldest ? $0 <= last : $0 >= last }
        }
        var page = DeskPage(requests: [])
        let rest = Self.unkeyed(query)
        for (looked, number) in numbers.enumerated() {
            if !rest.sql.isEmpty, try !isListed(number, rest) { continue }
            guard let request = try stored(number: number),
                request.provider.organization == query.organization, text.matches(request)
            else { continue }
            if page.requests.count == query.limit {
                page.next = page.requests.last.map { .init(id: $0.id) }
                return page
            }
            page.requests.append(request)
            if looked >= Self.mostLookedAt {
                page.next = .init(id: request.id)
                page.lookedBackTo = request.acceptedAt
                return page
            }
        }
        return page
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
        case .checking:
            key.add("acceptance IS NULL")
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
