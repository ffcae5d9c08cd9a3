import Contracts
import PostgreSQL
import Synchronization

@testable import IngestService

/// A database that does what another one does, but fails when told to, and tells what has left the outbox.
final class FaultyDatabase: StoreDatabase {
    enum Operation: Hashable { case read, write, truncate }

    private let base: RequestStore
    private let failing = Mutex<[Operation: Int]>([:])
    /// The sequence of each entry that was removed from the outbox.
    let removals: AsyncStream<Int64>
    private let removed: AsyncStream<Int64>.Continuation

    init(_ base: RequestStore) {
        self.base = base
        (removals, removed) = AsyncStream.makeStream()
    }

    /// The store on this database.
    var store: RequestStore {
        var store = base
        store.database = self
        return store
    }

    var dialect: StoreDialect { base.database.dialect }

    /// The next operations fail, `.max` for all that come.
    func fail(_ operation: Operation, times: Int = .max) { failing.withLock { $0[operation] = times } }

    private func check(_ operation: Operation) throws(StoreError) {
        let fails = failing.withLock { failing in
            guard let left = failing[operation], left > 0 else { return false }
            failing[operation] = left == .max ? .max : left - 1
            return true
        }
        if fails { throw StoreError(code: .unavailable, detail: "scripted") }
    }

    func read<Result: Sendable>(
        _ body: @escaping @Sendable (any StoreConnection) throws -> Result
    ) async throws(StoreError) -> Result {
        try check(.read)
        return try await base.database.read(body)
    }

    func write<Begun, Result: Sendable>(
        isPatient: Bool, looksOnly: Bool, begin: @escaping @Sendable (any StoreConnection) throws -> Begun,
        _ body: @escaping @Sendable (any StoreConnection, Begun) throws -> Result,
        committed: @escaping @Sendable (Result) -> Void
    ) async throws(StoreError) -> Result {
        try check(.write)
        let (result, sequences) = try await base.database.write(
            isPatient: isPatient, looksOnly: looksOnly
        ) { connection -> Watched<Begun> in
            let watched = WatchedConnection(base: connection)
            return Watched(connection: watched, begun: try begin(watched))
        } _: { (_: any StoreConnection, watched: Watched<Begun>) -> (Result, [Int64]) in
            (try body(watched.connection, watched.begun), watched.connection.removed)
        } committed: {
            committed($0.0)
        }
        for sequence in sequences { removed.yield(sequence) }
        return result
    }

    func truncateLog() async throws(StoreError) -> Bool {
        try check(.truncate)
        return try await base.database.truncateLog()
    }
}

private struct Watched<Begun> {
    var connection: WatchedConnection
    var begun: Begun
}

/// Notes which entries of the outbox a transaction removes.
private final class WatchedConnection: StoreConnection {
    private let base: any StoreConnection
    private(set) var removed: [Int64] = []

    init(base: any StoreConnection) { self.base = base }

    func execute(_ sql: String, _ values: StoreValues) throws {
        if sql == "DELETE FROM outbox WHERE sequence BETWEEN ? AND ?", case .integer(let first) = values.all[0],
            case .integer(let last) = values.all[1]
        {
            removed += first...last
        }
        try base.execute(sql, values)
    }

    func send(_ sql: String, _ values: StoreValues, key: String?) throws -> StoreSent {
        try base.send(sql, values, key: key)
    }

    func send(_ statement: RowStatement, _ values: StoreValues) throws -> StoreSent {
        try base.send(statement, values)
    }

    func answer(_ sent: StoreSent) throws -> StoreAnswer { try base.answer(sent) }

    func reserveNumber(in table: String) throws -> Int64? { try base.reserveNumber(in: table) }

    func forEachRow(_ sql: String, _ values: StoreValues, page: Int?, _ body: (StoreRow) throws -> Bool) throws {
        try base.forEachRow(sql, values, page: page, body)
    }

    func savepoint(_ body: () throws -> Void) throws { try base.savepoint(body) }
}

extension RequestStore {
    /// Waits for no company, which a test has none of.
    /// - Returns: whether there is such a request.
    func apply(_ update: ProgressUpdate, to id: RequestID?) async throws(StoreError) -> Bool {
        try await apply([ProgressRecord(update: update, id: id)], isPatient: false)[0] != .ofUnknown
    }

    func removeFromOutbox(_ sequence: Int64) async throws(StoreError) { try await removeFromOutbox([sequence]) }

    /// Accepts a request that is new.
    /// - Returns: what the outbox got of it.
    func accepted(_ request: NewRequest, event: EventMessage) async throws -> OutboxEntry {
        let committed = Mutex<[OutboxEntry]>([])
        var store = self
        store.handOver = { entries in
            committed.withLock { $0 += entries }
            handOver(entries)
        }
        guard try await store.accept(request, event: event) == .accepted,
            let entry = committed.withLock({ $0.first })
        else { throw StoreError(code: .unreadable, detail: "not accepted") }
        return entry
    }

    /// All that waits to be published.
    func outboxEntries() async throws(StoreError) -> [OutboxEntry] { try await outbox(after: 0, limit: .max) }

    /// What was put into the outbox last.
    func lastEntry() async throws -> OutboxEntry {
        guard let entry = try await outboxEntries().last else { throw StoreError(code: .unreadable, detail: "empty") }
        return entry
    }

    /// A provider's requests, newest first.
    func requests(of provider: String, before: RequestID?, limit: Int) async throws(StoreError) -> [StoredRequest] {
        try await requests(RequestFilter(provider: provider), before: before, limit: limit).requests
    }
}
