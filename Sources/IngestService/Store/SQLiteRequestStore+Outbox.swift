import Contracts
import GRDB

import struct Foundation.Data
import struct Foundation.Date

extension SQLiteRequestStore {
    /// - Returns: the entry's place in the outbox.
    static func insert(
        _ event: EventMessage, headers: [UInt8], at now: Date, _ database: Database
    ) throws -> Int64 {
        try database.cachedStatement(sql: "INSERT INTO outbox (created_at, headers, body) VALUES (?, ?, ?)")
            .execute(arguments: [now.milliseconds, Data(headers), Data(event.body)])
        return database.lastInsertedRowID
    }

    static func outbox(after sequence: Int64, limit: Int, _ database: Database) throws -> [OutboxEntry] {
        let statement = try database.cachedStatement(
            sql: "SELECT * FROM outbox WHERE sequence > ? ORDER BY sequence LIMIT ?")
        return try Row.fetchAll(statement, arguments: [sequence, limit]).map { row in
            let headers: Data = row["headers"]
            let body: Data = row["body"]
            return OutboxEntry(
                sequence: row["sequence"],
                message: EventMessage(headers: try OutboxHeaders.decode([UInt8](headers)), body: [UInt8](body)),
                createdAt: Date(milliseconds: row["created_at"]))
        }
    }

    /// Those that follow on each other, as nearly all do, go together.
    static func removeFromOutbox(_ sequences: [Int64], _ database: Database) throws {
        let statement = try database.cachedStatement(sql: "DELETE FROM outbox WHERE sequence BETWEEN ? AND ?")
        var rest = sequences.sorted()[...]
        while let first = rest.popFirst() {
            var last = first
            while let next = rest.first, next <= last + 1 {
                last = next
                rest.removeFirst()
            }
            try statement.execute(arguments: [first, last])
        }
    }

    /// Entries go in the order in which they came, but for those under way: the first is as good as the oldest.
    static func outboxStatus(_ database: Database) throws -> OutboxStatus {
        let count = try Int.fetchOne(database, sql: "SELECT count(*) FROM outbox") ?? 0
        let oldest = try Int64.fetchOne(database, sql: "SELECT created_at FROM outbox ORDER BY sequence LIMIT 1")
        let last = try Int64.fetchOne(database, sql: "SELECT max(sequence) FROM outbox")
        return OutboxStatus(count: count, oldest: oldest.map(Date.init(milliseconds:)), last: last)
    }
}

/// An event on disk that the broker has not confirmed yet.
struct OutboxEntry: Sendable, Equatable {
    /// Its place in the outbox; never used again after the entry is removed.
    var sequence: Int64
    /// The event as it is published.
    var message: EventMessage
    /// When it was written.
    var createdAt: Date
}

/// How much waits to be published.
struct OutboxStatus: Sendable, Equatable {
    var count: Int
    /// When the oldest entry was written; `nil` when there is none.
    var oldest: Date?
    /// The sequence of the newest entry; `nil` when there is none.
    var last: Int64?
}
