import CSQLite
import Contracts
import Dispatch
import Foundation
import GRDB
import PostgreSQL

/// The embedded database: one SQLite file in WAL mode, every commit flushed to the disk.
///
/// Reads run beside writes on connections of their own. Writes of all kinds go through `GroupCommit`.
struct SQLiteDatabase: StoreDatabase {
    /// Internal for tests, which read settings back and make the disk full.
    let pool: DatabasePool
    private let commits: GroupCommit<SQLiteWriter>
    /// Internal for tests, which hold them up.
    let checkpoints: SQLiteCheckpoints
    private let statements = WriterStatements()
    /// How long a connection waits for another process's lock.
    private let busyMilliseconds: Int

    let dialect = StoreDialect.sqlite

    /// Opens the file, or makes it, readable by its owner alone, and brings its schema up to date. Blocks: for
    /// start-up.
    /// - Parameters:
    ///   - path: the directory must exist.
    ///   - batchLimit: how many writes one transaction holds at most.
    ///   - busyTimeout: how long a write waits for a lock that another process has, before it fails.
    ///   - observe: is told of each committed transaction.
    /// - Throws: `StoreError` when the file cannot be opened or written.
    init(
        path: String, batchLimit: Int = 512, busyTimeout: Duration = .seconds(5),
        observe: @escaping @Sendable (_ writes: Int, _ took: Duration) -> Void = { _, _ in }
    ) throws(StoreError) {
        _ = Self.memoryCountIsOff
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
            try Self.whileOthersStart(busyTimeout) { try SQLiteSchema.migrate(pool) }
            self.pool = pool
            checkpoints = try Self.whileOthersStart(busyTimeout) { try SQLiteCheckpoints(of: path, beside: pool) }
        } catch {
            throw StoreError(error)
        }
        commits = GroupCommit(
            runner: SQLiteWriter(pool: pool, checkpoints: checkpoints), limit: batchLimit, observe: observe)
        busyMilliseconds = Int(clamping: busyTimeout / .milliseconds(1))
    }

    /// Asked for once in a process, before the first use of SQLite; later SQLite refuses, and goes on counting. (Where
    /// another thread begins to use SQLite at the same time, as tests do, the count alone may be wrong.)
    private static let memoryCountIsOff = csqlite_count_no_memory() == SQLITE_OK

    /// Makes an empty file that only its owner can read, where there is none: SQLite would make it readable by all. The
    /// WAL beside it takes its permissions over.
    private static func createPrivateFile(_ path: String) throws(StoreError) {
        guard !FileManager.default.fileExists(atPath: path) else { return }
        let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, S_IRUSR | S_IWUSR)
        guard descriptor >= 0 else {
            throw StoreError(code: .unavailable, detail: String(cString: strerror(errno)))
        }
        close(descriptor)
    }

    /// Another process that starts on the same file may do the same at the same time: then a step fails here, since it
    /// is done already or under way, with nothing half done, and the next try goes on behind it.
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

    /// Sets `synchronous` to FULL, and has what is deleted overwritten with zeros. GRDB sets NORMAL when a pool opens,
    /// after the configuration's own set-up, and with NORMAL a power cut takes the last commits with it. The writer is
    /// one connection for the pool's whole life, so setting it once is enough. It cannot be set within a transaction.
    private static func makeDurable(_ pool: DatabasePool) throws {
        try pool.writeWithoutTransaction { try $0.execute(sql: "PRAGMA synchronous = FULL; PRAGMA secure_delete = ON") }
    }

    func read<Result: Sendable>(
        _ body: @escaping @Sendable (any StoreConnection) throws -> Result
    ) async throws(StoreError) -> Result {
        do { return try await pool.read { try body(SQLiteConnection(database: $0)) } } catch { throw StoreError(error) }
    }

    /// Nothing is gained by beginning all first: it answers at once.
    func write<Begun, Result: Sendable>(
        isPatient: Bool, looksOnly: Bool, begin: @escaping @Sendable (any StoreConnection) throws -> Begun,
        _ body: @escaping @Sendable (any StoreConnection, Begun) throws -> Result,
        committed: @escaping @Sendable (Result) -> Void
    ) async throws(StoreError) -> Result {
        do {
            return try await commits.run(
                isPatient: isPatient,
                { [statements] in
                    let connection = SQLiteConnection(database: $0, statements: statements)
                    return try body(connection, try begin(connection))
                }, committed: committed)
        } catch { throw StoreError(error) }
    }

    /// Gives the file up. Nothing else may be under way.
    func end() throws {
        try checkpoints.end()
        pool.writeWithoutTransaction { _ in statements.forgetAll() }
        try pool.close()
    }

    func truncateLog() async throws(StoreError) -> Bool {
        let patience = busyMilliseconds
        do {
            // Not within a transaction. All writes wait for this connection: so it waits for nobody who reads, or who
            // writes from elsewhere, and says that it could not.
            return try await pool.writeWithoutTransaction { [checkpoints] database in
                try database.execute(sql: "PRAGMA busy_timeout = 0")
                let outcome = checkpoints.pausing { Result { try database.checkpoint(.truncate) } }
                try database.execute(sql: "PRAGMA busy_timeout = \(patience)")
                _ = try outcome.get()
                return true
            }
        } catch let error as DatabaseError where error.resultCode == .SQLITE_BUSY {
            return false
        } catch {
            throw StoreError(error)
        }
    }
}

/// The one connection of a database pool that writes.
private struct SQLiteWriter: TransactionRunner {
    let pool: DatabasePool
    let checkpoints: SQLiteCheckpoints

    /// GRDB's queue for the writer runs on a thread of its own, so that waiting for the disk blocks no task.
    func schedule(_ body: @escaping @Sendable (Database) -> Void) {
        pool.asyncWriteWithoutTransaction(body)
    }

    func wait(_ time: Duration, then body: @escaping @Sendable () -> Void) {
        DispatchQueue.global().asyncAfter(deadline: .now() + time / .seconds(1), execute: body)
    }

    /// Takes the write lock at the start, so that another process on the same file makes it wait instead of fail.
    func transaction(on connection: Database, _ body: () throws -> Void) throws {
        try connection.inTransaction(.immediate) {
            try body()
            return .commit
        }
        checkpoints.committed()
    }
}

/// The tables are STRICT: a column holds what the schema says.
private struct SQLiteConnection: StoreConnection {
    let database: Database
    /// `nil` for one that reads.
    var statements: WriterStatements?

    func execute(_ sql: String, _ values: StoreValues) throws {
        do {
            try statement(sql, values).execute()
        } catch {
            statements?.forget(sql)
            throw error
        }
    }

    /// A statement with its values, kept for the next time.
    private func statement(_ sql: String, _ values: StoreValues) throws -> Statement {
        let statement = try statements?.statement(sql, database) ?? database.cachedStatement(sql: sql)
        try statement.bind(values.all)
        return statement
    }

    /// The numbers are row ids, so that the connection knows the last one.
    func send(_ sql: String, _ values: StoreValues, key: String?) throws -> StoreSent {
        try execute(sql, values)
        let count = database.changesCount
        return .answered(StoreAnswer(count: count, number: key != nil && count > 0 ? database.lastInsertedRowID : nil))
    }

    func answer(_ sent: StoreSent) throws -> StoreAnswer {
        guard case .answered(let answer) = sent else { preconditionFailure("sent to another database") }
        return answer
    }

    func reserveNumber(in table: String) throws -> Int64? { nil }

    func forEachRow(_ sql: String, _ values: StoreValues, page: Int?, _ body: (StoreRow) throws -> Bool) throws {
        let rows = try Row.fetchCursor(try statement(sql, values))
        while let row = try rows.next(), try body(StoreRow(SQLiteColumns(row: row))) {}
    }

    func savepoint(_ body: () throws -> Void) throws {
        try database.inSavepoint {
            try body()
            return .commit
        }
    }
}

/// The prepared statements of the connection that writes, which run one after another: so nothing else guards them.
/// GRDB finds a statement by the hash of its whole text, which takes as long as a short one runs; here its length leads
/// to it, and the text is compared, which is nothing for the same constant.
private final class WriterStatements: @unchecked Sendable {
    private var kept: [(sql: String, statement: Statement)?] = Array(repeating: nil, count: 1024)

    func statement(_ sql: String, _ database: Database) throws -> Statement {
        let place = sql.utf8.count % kept.count
        if let kept = kept[place], kept.sql == sql { return kept.statement }
        let statement = try database.cachedStatement(sql: sql)
        kept[place] = (sql, statement)
        return statement
    }

    /// One that has failed is of no use any longer.
    func forget(_ sql: String) { kept[sql.utf8.count % kept.count] = nil }

    func forgetAll() { kept = Array(repeating: nil, count: kept.count) }
}

extension Statement {
    /// Binds the values themselves: through GRDB's arguments they cost more than what SQLite does with them.
    /// - Throws: `DatabaseError` when there are not as many as the statement has places.
    func bind(_ values: [StoreValue]) throws {
        // Once, for GRDB, which does not run a statement of whose values it knows nothing.
        if arguments.isEmpty, !values.isEmpty { try setArguments(StatementArguments(values.map { _ in nil as Int? })) }
        guard sqlite3_bind_parameter_count(sqliteStatement) == values.count else {
            throw DatabaseError(resultCode: .SQLITE_MISUSE, message: "wrong number of values", sql: sql)
        }
        sqlite3_reset(sqliteStatement)
        for (place, value) in zip(CInt(1)..., values) {
            let code = value.bind(to: sqliteStatement, at: place)
            guard code == SQLITE_OK else { throw DatabaseError(resultCode: ResultCode(rawValue: code), sql: sql) }
        }
    }
}

extension StoreValue {
    /// SQLite copies what is bound: SQLITE_TRANSIENT, whose macro has a cast.
    private static let copied = unsafeBitCast(-1, to: sqlite3_destructor_type.self)

    /// - Returns: SQLite's result code.
    fileprivate func bind(to statement: SQLiteStatement, at place: CInt) -> CInt {
        switch self {
        case .null: sqlite3_bind_null(statement, place)
        case .integer(let number): sqlite3_bind_int64(statement, place, number)
        case .real(let number): sqlite3_bind_double(statement, place, number)
        case .text(var text):
            text.withUTF8 { bytes in
                // An empty text has no bytes to point at, and would be null.
                guard let start = bytes.baseAddress else {
                    return sqlite3_bind_text(statement, place, "", 0, Self.copied)
                }
                return start.withMemoryRebound(to: CChar.self, capacity: bytes.count) {
                    sqlite3_bind_text(statement, place, $0, CInt(bytes.count), Self.copied)
                }
            }
        case .blob(let bytes):
            bytes.isEmpty
                ? sqlite3_bind_zeroblob(statement, place, 0)
                : bytes.withUnsafeBytes {
                    sqlite3_bind_blob(statement, place, $0.baseAddress, CInt($0.count), Self.copied)
                }
        }
    }
}

private struct SQLiteColumns: StoreColumns {
    let row: Row

    var first: StoreValue { StoreValue(row[0] as DatabaseValue) }

    func value(_ column: String) -> StoreValue? {
        (row[column] as DatabaseValue?).map(StoreValue.init)
    }
}

extension StoreValue {
    init(_ value: DatabaseValue) {
        switch value.storage {
        case .null: self = .null
        case .int64(let number): self = .integer(number)
        case .double(let number): self = .real(number)
        case .string(let text): self = .text(text)
        case .blob(let bytes): self = .blob([UInt8](bytes))
        }
    }
}

extension StoreError {
    /// Any error of the database, without the values that a statement was run with.
    fileprivate init(_ error: any Error) {
        switch error {
        case let error as StoreError: self = error
        case let error as DatabaseError:
            self.init(
                code: .unavailable,
                detail: "SQLite \(error.extendedResultCode.rawValue) \(error.message ?? "")")
        default: self.init(code: .unavailable, detail: "\(type(of: error))")
        }
    }
}
