import Contracts

import struct Foundation.Date

/// What a person did. Names no one whom a request is about.
struct AuditEntry: Sendable, Equatable {
    /// Open: new ones may be added.
    struct Action: RawRepresentable, Sendable, Hashable {
        var rawValue: String

        static let signedIn = Action(rawValue: "signed in")
        static let signedOut = Action(rawValue: "signed out")
        static let staffAdded = Action(rawValue: "added a person")
        static let rightsChanged = Action(rawValue: "came with other rights")
        static let staffRevoked = Action(rawValue: "revoked a person")
        static let linkMade = Action(rawValue: "made a sign-in link")
        static let stepTaken = Action(rawValue: "took a step")
        static let decided = Action(rawValue: "decided a review")
        static let assigned = Action(rawValue: "assigned")
        static let noted = Action(rawValue: "wrote a note")
        static let replayed = Action(rawValue: "replayed dead letters")
        static let discarded = Action(rawValue: "discarded dead letters")
        static let withdrew = Action(rawValue: "withdrew a request")
        static let corrected = Action(rawValue: "corrected contact data")
        static let resent = Action(rawValue: "had callbacks sent again")
        static let testedCallback = Action(rawValue: "sent a test callback")
        static let rotatedSecret = Action(rawValue: "changed the signing secret")
        static let paused = Action(rawValue: "paused callbacks")
        static let resumed = Action(rawValue: "resumed callbacks")
        static let exported = Action(rawValue: "exported requests")
    }

    /// Its place in the log; 0 before it is written.
    var number: Int64 = 0
    var at: Date
    /// The address of who did it.
    var person: String
    var organization: String?
    var action: Action
    var request: RequestID?
    var detail: String?
}

/// Which entries are asked for; `nil` for any.
struct AuditFilter: Sendable, Equatable {
    var person: String?
    var organization: String?
    var request: RequestID?
}

extension StoreTransaction {
    func write(_ entry: AuditEntry) throws {
        try execute(
            "INSERT INTO audit_log (at, person, organization, action, request_id, detail) VALUES (?, ?, ?, ?, ?, ?)",
            [entry.at, entry.person, entry.organization, entry.action.rawValue, entry.request, entry.detail])
    }
}

extension RequestStore {
    func note(_ entry: AuditEntry) async throws(StoreError) {
        try await write { try $0.write(entry) }
    }

    /// Forgets what people did before a time, those that came first.
    /// - Returns: how many entries.
    func removeAudit(before cutoff: Date, limit: Int) async throws(StoreError) -> Int {
        try await write { transaction in
            // They came in the order of their numbers, nearly: nothing is looked through for one that is too old.
            try transaction.changes(
                """
                DELETE FROM audit_log WHERE number IN (
                    SELECT number FROM (SELECT number, at FROM audit_log ORDER BY number LIMIT ?) AS first
                    WHERE at < ?)
                """, [limit, cutoff])
        }
    }

    /// What people did, newest first.
    /// - Parameter before: only what is older than this entry.
    func audit(_ filter: AuditFilter, before: Int64?, limit: Int) async throws(StoreError) -> [AuditEntry] {
        var conditions = StoreConditions()
        conditions.add("number < ?", before ?? Int64.max)
        if let person = filter.person { conditions.add("person = ?", person) }
        if let organization = filter.organization { conditions.add("organization = ?", organization) }
        if let request = filter.request { conditions.add("request_id = ?", request) }
        let (text, values) = (conditions.text, conditions.values)
        return try await read { transaction in
            try transaction.rows(
                "SELECT * FROM audit_log WHERE \(text) ORDER BY number DESC LIMIT ?", values + [limit]
            ) { row in
                AuditEntry(
                    number: try row["number"], at: try row["at"], person: try row["person"],
                    organization: try row["organization"], action: .init(rawValue: try row["action"]),
                    request: try row["request_id"], detail: try row["detail"])
            }
        }
    }
}

/// Conditions that all have to hold, with the values in their places.
struct StoreConditions: Sendable {
    private(set) var sql: [String] = []
    private(set) var values: StoreValues = []
    var text: String { sql.joined(separator: " AND ") }

    mutating func add(_ condition: String, _ values: any StoreConvertible...) {
        sql.append(condition)
        for value in values { self.values.append(value) }
    }

    mutating func add(_ other: StoreConditions) {
        sql += other.sql
        values = values + other.values
    }
}
