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
    let tally = RequestTally()

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
        try await write(isPatient: isPatient, begin: { _ in }) { transaction, _ in try body(transaction) }
    }

    /// - Parameters:
    ///   - isPatient: whether it may wait a moment to be committed with others.
    ///   - looksOnly: whether `body` sends nothing, see `StoreDatabase.write`.
    ///   - begin: sends what can be sent without an answer, see `StoreDatabase.write`.
    func write<Begun, Result: Sendable>(
        isPatient: Bool = false, looksOnly: Bool = false, begin: @escaping @Sendable (StoreTransaction) throws -> Begun,
        _ body: @escaping @Sendable (StoreTransaction, Begun) throws -> Result
    ) async throws(StoreError) -> Result {
        let (dialect, handOver) = (database.dialect, handOver)
        return try await database.write(isPatient: isPatient, looksOnly: looksOnly) { connection in
            let transaction = StoreTransaction(connection, dialect)
            return (transaction, try begin(transaction))
        } _: { _, begun in
            let (transaction, begun) = begun
            let result = try body(transaction, begun)
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

    func execute(_ sql: String, _ values: StoreValues) throws { try connection.execute(sql, values) }

    func send(_ sql: String, _ values: StoreValues, key: String? = nil) throws -> StoreSent {
        try connection.send(sql, values, key: key)
    }

    func send(_ statement: RowStatement, _ values: StoreValues) throws -> StoreSent {
        try connection.send(statement, values)
    }

    func answer(_ sent: StoreSent) throws -> StoreAnswer { try connection.answer(sent) }

    func reserveNumber(in table: String) throws -> Int64? { try connection.reserveNumber(in: table) }

    func forEachRow(_ sql: String, _ values: StoreValues, page: Int?, _ body: (StoreRow) throws -> Bool) throws {
        try connection.forEachRow(sql, values, page: page, body)
    }

    func savepoint(_ body: () throws -> Void) throws { try connection.savepoint(body) }

    /// Has others who write this request wait until the transaction ends. Whoever reads it and writes what follows from
    /// that takes it first.
    func lock(_ id: RequestID) throws {
        let clause = dialect.locking("request")
        if !clause.isEmpty { try execute("SELECT 1 FROM request WHERE id = ?\(clause)", [id]) }
    }
}
