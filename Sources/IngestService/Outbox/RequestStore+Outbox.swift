import Contracts

import struct Foundation.Date

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

extension OutboxEntry {
    /// As it is read again.
    init(sequence: Int64, message: EventMessage, at now: Date) {
        self.init(sequence: sequence, message: message, createdAt: Date(milliseconds: now.milliseconds))
    }

    fileprivate init(_ row: StoreRow) throws(StoreError) {
        self.init(
            sequence: try row["sequence"],
            message: EventMessage(headers: try OutboxHeaders.decode(try row["headers"]), body: try row["body"]),
            createdAt: try row["created_at"])
    }
}

extension RequestStore {
    /// What waits to be published, oldest first.
    /// - Parameters:
    ///   - after: only entries behind this one.
    ///   - limit: how many at most.
    func outbox(after sequence: Int64, limit: Int) async throws(StoreError) -> [OutboxEntry] {
        try await read { transaction in
            try transaction.rows(
                """
                SELECT * FROM outbox WHERE sequence > ? AND \(transaction.dialect.isOwnEntry)
                ORDER BY sequence LIMIT ?
                """, [sequence, limit], OutboxEntry.init)
        }
    }

    /// Where several processes share the outbox: takes over what others have left that are gone, and says that this one
    /// is not. What one takes another one passes over.
    /// - Parameters:
    ///   - silence: how long nothing was heard of a process that has lost its connection.
    ///   - longSilence: how long nothing was heard of one that still has it.
    /// - Returns: what this process is to publish now, too.
    func takeOverOutbox(
        after silence: Duration, _ longSilence: Duration, limit: Int
    ) async throws(StoreError) -> [OutboxEntry] {
        guard database.dialect.hasWriters else { return [] }
        return try await write { transaction in
            let taken = try transaction.rows(
                """
                UPDATE outbox SET writer = current_setting('intake.writer') WHERE sequence IN (
                    SELECT sequence FROM outbox WHERE writer NOT IN (
                        SELECT identity FROM writer WHERE \(PostgresWriter.isHeard(within: "?1"))
                            OR (\(PostgresWriter.isHeard(within: "?2")) AND \(PostgresWriter.isConnected)))
                    ORDER BY sequence LIMIT ?3 FOR UPDATE SKIP LOCKED)
                RETURNING sequence, created_at, headers, body
                """, [silence.wholeMilliseconds, longSilence.wholeMilliseconds, limit], OutboxEntry.init)
            // Those of whom nothing is left.
            try transaction.execute(
                """
                DELETE FROM writer WHERE NOT \(PostgresWriter.isHeard(within: "86400000")) AND NOT EXISTS (
                    SELECT 1 FROM outbox WHERE outbox.writer = writer.identity)
                """, [])
            return taken.sorted { $0.sequence < $1.sequence }
        }
    }

    /// Removes entries that the broker has confirmed. Removing one twice is no error. Those that follow on each other,
    /// as nearly all do, go together.
    func removeFromOutbox(_ sequences: [Int64]) async throws(StoreError) {
        try await write(isPatient: true, looksOnly: true) { transaction in
            var rest = sequences.sorted()[...]
            while let first = rest.popFirst() {
                var last = first
                while let next = rest.first, next <= last + 1 {
                    last = next
                    rest.removeFirst()
                }
                try transaction.execute("DELETE FROM outbox WHERE sequence BETWEEN ? AND ?", [first, last])
            }
        } _: { _, _ in
        }
    }

    /// Entries go in the order in which they came, but for those under way: the first is as good as the oldest.
    func outboxStatus() async throws(StoreError) -> OutboxStatus {
        try await read { transaction in
            OutboxStatus(
                count: try transaction.value("SELECT count(*) FROM outbox") ?? 0,
                oldest: try transaction.value("SELECT created_at FROM outbox ORDER BY sequence LIMIT 1"),
                last: try transaction.value("SELECT max(sequence) FROM outbox"))
        }
    }
}

extension StoreTransaction {
    /// Puts an event into the outbox. It is handed over when the transaction is durable, see `RequestStore.handOver`.
    func enqueue(_ event: EventMessage, at now: Date) throws { events.append(try put(event, at: now)) }

    /// Puts an event into the outbox without handing it over.
    func put(_ event: EventMessage, at now: Date) throws -> OutboxEntry {
        let reserved = try reserveNumber(in: "outbox")
        let sql = "INSERT INTO outbox (sequence, created_at, headers, body) VALUES (?, ?, ?, ?)"
        let values = StoreValues {
            reserved
            now
            OutboxHeaders.encode(event.headers)
            event.body
        }
        if reserved != nil { try execute(sql, values) }
        guard let sequence = try reserved ?? insert(sql, values, key: "sequence") else {
            throw StoreError(code: .unavailable, detail: "outbox")
        }
        return OutboxEntry(sequence: sequence, message: event, at: now)
    }
}

/// An event's headers as the outbox keeps them: one JSON object.
enum OutboxHeaders {
    /// Leaves out kinds that only a broker adds; an event that is not published yet has none.
    static func encode(_ headers: EventHeaders) -> [UInt8] {
        var object = JSONObjectText()
        for header in headers.all { object.add(header: header.name, header.value) }
        return object.bytes()
    }

    /// - Throws: `StoreError` when the bytes are not what `encode` wrote.
    static func decode(_ bytes: [UInt8]) throws(StoreError) -> EventHeaders {
        let unreadable = StoreError(code: .unreadable, detail: "outbox.headers")
        let json: JSONValue
        do { json = try JSONValue(parsing: bytes) } catch { throw unreadable }
        guard case .object(let object) = json else { throw unreadable }
        var headers: EventHeaders = [:]
        for member in object.members {
            switch member.value {
            case .string(let text): headers[member.name] = .string(text)
            case .number(let text):
                guard let number = Int64(text) else { throw unreadable }
                headers[member.name] = .int(number)
            case .bool(let flag): headers[member.name] = .bool(flag)
            case .null, .array, .object: throw unreadable
            }
        }
        return headers
    }
}
