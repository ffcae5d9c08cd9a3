import Contracts

import struct Foundation.Date

/// How many requests of each kind an organisation has; counted up to a bound, which is shown as "and more".
struct DeskCounts: Sendable, Equatable {
    static let bound = 10_000

    var review = 0
    /// By state: requests that the organisation covers.
    var byStatus: [OrganizationStatus: Int] = [:]
    var declined = 0
    /// In somebody's hands, and due before today.
    var overdue = 0

    /// `1,234`; `10,000+` for more; `nil` for none.
    static func text(_ count: Int) -> String? {
        guard count > 0 else { return nil }
        return grouped(min(count, bound)) + (count > bound ? "+" : "")
    }

    static func grouped(_ count: Int) -> String {
        guard count >= 1000 else { return "\(count)" }
        let rest = String(count % 1000)
        return "\(grouped(count / 1000)),\(String(repeating: "0", count: 3 - rest.count))\(rest)"
    }
}

/// What the desk asks of the store, beside what the API does.
extension RequestStore {
    func deskRequest(_ id: RequestID, within organization: String) async throws(StoreError) -> DeskRequest? {
        try await read { transaction in
            guard let job = try transaction.job(id), job.request.provider.organization == organization,
                let number = try transaction.number(of: id)
            else { return nil }
            let entries = try transaction.rows(
                "SELECT * FROM desk_entry WHERE request = ? ORDER BY at, entry LIMIT 1000", [number], DeskEntry.init)
            return DeskRequest(
                job: job, entries: entries.compactMap(\.self),
                twins: try transaction.twins(of: job.request, number))
        }
    }

    /// Takes a step, puts the request into somebody's hands, notes something, or all of it at once.
    func act(
        on id: RequestID, within organization: String, _ action: DeskAction
    ) async throws(StoreError) -> DeskOutcome {
        try await write { transaction in
            try transaction.lock(id)
            guard var request = try transaction.request(id), request.provider.organization == organization,
                let number = try transaction.number(of: id)
            else { return .unknown }
            if let seen = action.seen, seen != DeskRevision(request) { return .changedMeanwhile(request) }
            var isStep = false
            if let step = action.step {
                guard let decision = request.decision else { return .undecided }
                guard decision.acceptance else { return .declined }
                switch request.organizationProgress.status.taking(step) {
                case .stays: break
                case .refused: return .refused(request.organizationProgress.status)
                case .moved(let status):
                    let change = StatusChange(
                        step: step, note: action.note, at: action.at, traceParent: action.traceParent, by: action.by)
                    try transaction.take(change, to: status, &request)
                    isStep = true
                }
            }
            if let hands = action.hands { try transaction.put(hands, action, number, &request) }
            if let note = action.note, !isStep {
                try transaction.keep(.noted, note: note, detail: nil, action, number)
                try transaction.write(action.audit(.noted, id, nil))
            }
            return .done(request, isStep: isStep)
        }
    }

    /// The organisation's reviews, the nearest deadline first.
    func deskReviews(of organization: String, limit: Int) async throws(StoreError) -> [StoredRequest] {
        try await read { transaction in
            try requests(
                """
                SELECT * FROM \(transaction.openReviews) \(transaction.dialect.joinInOrder) person USING (number)
                WHERE \(StoreTransaction.isOpen) AND organization = ? ORDER BY review_deadline, id
                """, [organization], limit: limit, in: transaction)
        }
    }

    /// How many there are of each kind.
    func deskCounts(of organization: String, today: Day) async throws(StoreError) -> DeskCounts {
        try await read { transaction in
            let bound = DeskCounts.bound + 1
            var counts = DeskCounts()
            func count(_ rows: String, _ values: StoreValues) throws -> Int {
                try transaction.value(
                    "SELECT count(*) FROM (SELECT 1 FROM \(rows) LIMIT ?) AS bounded", values + [bound])
                    ?? 0
            }
            let ofKind = """
                \(transaction.dialect.along("request_by_desk", of: "request"))
                WHERE organization = ? AND acceptance = ? AND coalesce(status, 'new') = ?
                """
            for status in OrganizationStatus.allCases {
                counts.byStatus[status] = try count(ofKind, [organization, true, status.rawValue])
            }
            counts.declined = try count(ofKind, [organization, false, OrganizationStatus.new.rawValue])
            counts.overdue = try count(
                "assignment WHERE organization = ? AND is_open = 1 AND due < ?", [organization, today.description])
            counts.review = try count(
                "\(transaction.openReviews) WHERE \(StoreTransaction.isOpen) AND organization = ?", [organization])
            return counts
        }
    }

    /// The teams that requests were given to, for those who assign.
    func teams(of organization: String) async throws(StoreError) -> [String] {
        try await read { transaction in
            // From one name to the next along the index: as many steps as there are teams.
            var names: [String] = []
            while names.count < 50 {
                let next: String? = try transaction.value(
                    "SELECT min(team) FROM assignment WHERE organization = ? AND team > ?",
                    [organization, names.last ?? ""])
                guard let next else { break }
                names.append(next)
            }
            return names
        }
    }
}

extension StoreTransaction {
    func number(of id: RequestID) throws -> Int64? { try value("SELECT number FROM request WHERE id = ?", [id]) }

    func assignment(of number: Int64) throws -> Assignment? {
        try first("SELECT * FROM assignment WHERE request = ?", [number], Assignment.init)
    }

    /// Whether the organisation still has something to do about a request that is in somebody's hands.
    func setOpen(_ isOpen: Bool, _ id: RequestID) throws {
        try execute(
            "UPDATE assignment SET is_open = ? WHERE request = (SELECT number FROM request WHERE id = ?)", [isOpen, id])
    }

    fileprivate func put(
        _ hands: DeskAction.Hands, _ action: DeskAction, _ number: Int64, _ request: inout StoredRequest
    ) throws {
        let before = request.assignment
        let after = Assignment(
            assignee: hands.assignee, team: hands.team, due: hands.due, revision: (before?.revision ?? 0) + 1)
        guard after.hands != before?.hands || after.due != before?.due else { return }
        try execute(
            """
            INSERT INTO assignment (request, organization, assignee, team, due, revision, is_open)
            VALUES (?, ?, ?, ?, ?, ?, ?)
            ON CONFLICT (request) DO UPDATE SET assignee = excluded.assignee, team = excluded.team, due = excluded.due,
                revision = excluded.revision, is_open = excluded.is_open
            """,
            [
                number, request.provider.organization, after.assignee, after.team, after.due?.description,
                after.revision, request.organizationProgress.status.isOpen,
            ])
        let due = after.due.map { "due \($0)" }
        let detail = [after.hands ?? "nobody", due].compactMap(\.self).joined(separator: ", ")
        try keep(.assigned, note: nil, detail: detail, action, number)
        try write(action.audit(.assigned, request.id, detail))
        request.assignment = after
    }

    fileprivate func keep(
        _ kind: DeskEntry.Kind, note: String?, detail: String?, _ action: DeskAction, _ number: Int64
    ) throws {
        let count: Int = try value("SELECT count(*) FROM desk_entry WHERE request = ?", [number]) ?? 0
        try execute(
            """
            INSERT INTO desk_entry (request, at, entry, kind, person, detail, note) VALUES (?, ?, ?, ?, ?, ?, ?)
            """, [number, action.at, "\(count)/\(kind.rawValue)", kind.rawValue, action.by.name, detail, note])
    }
}

extension Assignment {
    init(_ row: StoreRow) throws(StoreError) {
        let due: String? = try row["due"]
        self.init(
            assignee: try row["assignee"], team: try row["team"], due: due.flatMap(Day.init),
            revision: try row["revision"])
    }
}

extension DeskEntry {
    /// `nil` for a kind that this version does not know.
    fileprivate init?(_ row: StoreRow) throws(StoreError) {
        guard let kind = Kind(rawValue: try row["kind"]) else { return nil }
        self.init(
            at: try row["at"], kind: kind, person: try row["person"], detail: try row["detail"], note: try row["note"])
    }
}

extension DeskAction {
    func audit(_ kind: AuditEntry.Action, _ id: RequestID, _ detail: String?) -> AuditEntry {
        AuditEntry(
            at: at, person: by.email, organization: by.organization, action: kind, request: id, detail: detail)
    }
}

extension OrganizationStatus {
    /// Whether the organisation has something to do.
    var isOpen: Bool {
        switch self {
        case .new, .assigned, .scheduled: true
        case .completed, .canceled: false
        }
    }
}
