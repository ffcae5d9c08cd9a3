import Contracts
import Logging
import ServiceRuntime

import struct Foundation.Date

/// Where requests live. What a call has returned is on disk, and survives the process and the machine's power.
///
/// What it can do stands with the capabilities, `RequestStore+<Capability>.swift`. Calls are safe from any number of
/// tasks at once; writes that are under way at the same time are committed together.
struct RequestStore: Sendable {
    var database: any StoreDatabase
    var logger = Logger(label: "intake.store")
    var now: @Sendable () -> Date = { Date() }
    /// Given the events of each commit as soon as it is durable; they are in the outbox. Must not wait.
    var handOver: @Sendable ([OutboxEntry]) -> Void = { _ in }

    func read<Result: Sendable>(
        _ body: @escaping @Sendable (StoreTransaction) throws -> Result
    ) async throws(StoreError) -> Result {
        let dialect = database.dialect
        return try await database.read { try body(StoreTransaction($0, dialect)) }
    }

    /// - Parameter isPatient: whether it may wait a moment to be committed with others.
    func write<Result: Sendable>(
        isPatient: Bool = false, _ body: @escaping @Sendable (StoreTransaction) throws -> Result
    ) async throws(StoreError) -> Result {
        let (dialect, handOver) = (database.dialect, handOver)
        return try await database.write(isPatient: isPatient) { connection in
            let transaction = StoreTransaction(connection, dialect)
            let result = try body(transaction)
            return (result: result, events: transaction.events)
        } committed: { committed in
            guard !committed.events.isEmpty else { return }
            failurePoint("outbox.committed")
            handOver(committed.events)
        }.result
    }
}

/// What an operation does in one transaction or snapshot.
final class StoreTransaction: StoreConnection {
    private let connection: any StoreConnection
    let dialect: StoreDialect
    /// What was put into the outbox.
    var events: [OutboxEntry] = []

    init(_ connection: any StoreConnection, _ dialect: StoreDialect) {
        self.connection = connection
        self.dialect = dialect
    }

    @discardableResult
    func execute(_ sql: String, _ values: StoreValues) throws -> Int { try connection.execute(sql, values) }

    func insert(_ sql: String, _ values: StoreValues, key: String) throws -> Int64? {
        try connection.insert(sql, values, key: key)
    }

    func forEachRow(_ sql: String, _ values: StoreValues, _ body: (StoreRow) throws -> Bool) throws {
        try connection.forEachRow(sql, values, body)
    }

    func savepoint(_ body: () throws -> Void) throws { try connection.savepoint(body) }
}
