import Contracts
import GRDB
import Glibc
import Logging

import struct Foundation.Date

/// The default store: one SQLite file in WAL mode, every commit flushed to the disk.
///
/// Reads run beside writes on connections of their own. Writes of all kinds go through `GroupCommit`.
struct SQLiteRequestStore: RequestStore {
    /// Internal for tests, which read settings back and make the disk full.
    let pool: DatabasePool
    private let commits: GroupCommit<SQLiteWriter>
    private let now: @Sendable () -> Date
    private let logger: Logger
    /// How long a connection waits for another process's lock.
    let busyMilliseconds: Int

    /// Opens the file, or makes it, readable by its owner alone, and brings its schema up to date. Blocks: for start-up.
    /// - Parameters:
    ///   - path: the directory must exist.
    ///   - batchLimit: how many writes one transaction holds at most.
    ///   - busyTimeout: how long a write waits for a lock that another process has, before it fails.
    ///   - logger: is told of rows that cannot be read.
    ///   - observe: is told of each committed transaction.
    /// - Throws: `StoreError` when the file cannot be opened or written.
    init(
        path: String, batchLimit: Int = 512, busyTimeout: Duration = .seconds(5),
        logger: Logger = Logger(label: "intake.store"), now: @escaping @Sendable () -> Date = { Date() },
        observe: @escaping @Sendable (_ writes: Int, _ took: Duration) -> Void = { _, _ in }
    ) throws(StoreError) {
        do {
            try Self.createPrivateFile(path)
            var configuration = Configuration()
            configuration.label = "requests"
            configuration.busyMode = .timeout(busyTimeout / .seconds(1))
            configuration.maximumReaderCount = 4
            let pool = try Self.whileOthersStart(busyTimeout) {
                try DatabasePool(path: path, configuration: configuration)
            }
            try Self.makeDurable(pool)
            try Self.whileOthersStart(busyTimeout) { try Self.migrator.migrate(pool) }
            self.pool = pool
        } catch {
            throw StoreError(error)
        }
        commits = GroupCommit(runner: SQLiteWriter(pool: pool), limit: batchLimit, observe: observe)
        self.now = now
        self.logger = logger
        busyMilliseconds = Int(clamping: busyTimeout / .milliseconds(1))
    }

    /// Another process that starts on the same file may do the same at the same time: then a step fails here, since it is done
    /// already or under way, with nothing half done, and the next try goes on behind it.
    private static func whileOthersStart<Result>(_ patience: Duration, _ body: () throws -> Result) throws -> Result {
        let deadline = ContinuousClock.now + patience
        while true {
            do { return try body() } catch let error as DatabaseError {
                // Held by another, or there already. What is no database, say, stays none.
                let isPassing = [.SQLITE_BUSY, .SQLITE_LOCKED, .SQLITE_ERROR].contains(error.resultCode)
                guard isPassing, ContinuousClock.now < deadline else { throw error }
                usleep(10_000)
            }
        }
    }

    /// Sets `synchronous` to FULL, and has what is deleted overwritten with zeros. GRDB sets NORMAL when a pool opens, after
    /// the configuration's own set-up, and with NORMAL a power cut takes the last commits with it. The writer is one
    /// connection for the pool's whole life, so setting it once is enough. It cannot be set within a transaction.
    private static func makeDurable(_ pool: DatabasePool) throws {
        try pool.writeWithoutTransaction { try $0.execute(sql: "PRAGMA synchronous = FULL; PRAGMA secure_delete = ON") }
    }

    func accept(
        _ request: NewRequest, event: EventMessage, claim: IdempotencyClaim?
    ) async throws(StoreError) -> Acceptance {
        let headers = OutboxHeaders.encode(event.headers)
        return try await write { database in
            if let claim, let earlier = try Self.earlier(claim, of: request, database) { return earlier }
            guard try Self.insert(request, database) else {
                let first = try Self.existing(request, database)
                if let claim { try Self.keep(.duplicate(of: first), for: claim, of: request, database) }
                return .duplicate(of: first)
            }
            if let claim { try Self.keep(.accepted(request.id), for: claim, of: request, database) }
            let sequence = try Self.insert(event, headers: headers, at: request.acceptedAt, database)
            return .accepted(OutboxEntry(sequence: sequence, message: event, createdAt: request.acceptedAt))
        }
    }

    func request(_ id: RequestID) async throws(StoreError) -> StoredRequest? {
        try await read { try Self.fetch(id, $0) }
    }

    func apply(_ records: [ProgressRecord], isPatient: Bool) async throws(StoreError) -> [Bool] {
        let now = now()
        return try await write(isPatient: isPatient) { database in
            try records.map { try Self.apply($0.update, to: $0.id, at: now, database) }
        }
    }

    func outbox(after sequence: Int64, limit: Int) async throws(StoreError) -> [OutboxEntry] {
        try await read { try Self.outbox(after: sequence, limit: limit, $0) }
    }

    func removeFromOutbox(_ sequences: [Int64]) async throws(StoreError) {
        try await write(isPatient: true) { try Self.removeFromOutbox(sequences, $0) }
    }

    func outboxStatus() async throws(StoreError) -> OutboxStatus {
        try await read(Self.outboxStatus)
    }

    /// What a check of writability takes and gives back, bytes: more than any request needs.
    private static let room = 64 * 1024

    /// Takes as much room as a request needs at most before it gives the last check's back: a page that is there
    /// already can be written on a disk that is full. So it fails before requests do, which find the room that it gave
    /// back.
    func checkWritable() async throws(StoreError) {
        let now = now()
        try await write { database in
            try database.cachedStatement(sql: "INSERT INTO probe (at, room) VALUES (?, randomblob(?))")
                .execute(arguments: [now.milliseconds, Self.room])
            try database.cachedStatement(sql: "DELETE FROM probe WHERE rowid <> ?")
                .execute(arguments: [database.lastInsertedRowID])
        }
    }

    /// The requests of a statement's rows; it is left when there are enough. One that cannot be read is logged and left
    /// out: it must not take the others with it.
    func requests(
        _ statement: Statement, _ arguments: StatementArguments, limit: Int, _ database: Database
    ) throws -> [StoredRequest] {
        var found: [StoredRequest] = []
        let rows = try Row.fetchCursor(statement, arguments: arguments)
        while found.count < limit, let row = try rows.next() {
            do { found.append(try Self.stored(row, database)) } catch let error as StoreError {
                logger.error(
                    "A request's row cannot be read.",
                    metadata: ["request_id": "\(row["id"] as String? ?? "")", "error": "\(error)"])
            }
        }
        return found
    }

    /// - Parameter isPatient: whether it may wait a moment to be committed with others.
    func write<Result: Sendable>(
        isPatient: Bool = false, _ body: @escaping @Sendable (Database) throws -> Result
    ) async throws(StoreError) -> Result {
        do { return try await commits.run(isPatient: isPatient, body) } catch { throw StoreError(error) }
    }

    func read<Result: Sendable>(
        _ body: @escaping @Sendable (Database) throws -> Result
    ) async throws(StoreError) -> Result {
        do { return try await pool.read(body) } catch { throw StoreError(error) }
    }
}
