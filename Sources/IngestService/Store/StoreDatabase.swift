/// What the store asks of a database: SQLite and PostgreSQL are databases, each with a dialect.
///
/// The SQL of an operation stands once, with the capability that needs it; it reaches the database through a
/// `StoreTransaction`. Failures are tried by putting a database that fails between the two.
protocol StoreDatabase: Sendable {
    var dialect: StoreDialect { get }

    /// Runs `body` in a snapshot: what it reads is of one moment.
    func read<Result: Sendable>(
        _ body: @escaping @Sendable (any StoreConnection) throws -> Result
    ) async throws(StoreError) -> Result

    /// Runs `begin` and `body` in a transaction, perhaps with others in the same one, and returns when it is durable.
    /// Both may run twice, and must touch nothing but the connection.
    /// - Parameters:
    ///   - isPatient: whether it may wait a moment to be committed with others.
    ///   - begin: sends what can be sent without an answer, see `StoreConnection.send`. Of those that are committed
    ///     together each begins before the first one goes on: so all of them wait for a database at a distance once.
    ///   - looksOnly: whether `body` sends nothing, but only looks at what became of what `begin` has sent. Then it may
    ///     run when the transaction is durable: where all of those that are committed together are so, they wait for
    ///     the database once for all.
    ///   - committed: called with the result as soon as it is durable, before whoever waits for it goes on. Must not
    ///     wait.
    /// - Throws: what `begin` or `body` threw, or why the transaction failed; nothing is written then.
    func write<Begun, Result: Sendable>(
        isPatient: Bool, looksOnly: Bool, begin: @escaping @Sendable (any StoreConnection) throws -> Begun,
        _ body: @escaping @Sendable (any StoreConnection, Begun) throws -> Result,
        committed: @escaping @Sendable (Result) -> Void
    ) async throws(StoreError) -> Result

    /// Has what was erased leave what the database keeps beside the data: SQLite's log, PostgreSQL's old versions of
    /// rows. Waits for nobody who reads.
    /// - Returns: whether it has; `false` while somebody reads or writes what is there.
    func truncateLog() async throws(StoreError) -> Bool
}

/// One connection, within a transaction or a snapshot. Statements have `?` or `?1`, `?2`, … in the places of their
/// values.
protocol StoreConnection {
    /// Runs a statement that answers no rows, now or with the next one that has an answer: so it may be that one, or
    /// the commit, that fails with it.
    func execute(_ sql: String, _ values: StoreValues) throws

    /// Runs a statement whose answer is looked at later, with `answer`.
    /// - Parameter key: the column that the database numbers rows by, when a row is inserted.
    func send(_ sql: String, _ values: StoreValues, key: String?) throws -> StoreSent

    /// Runs a statement of which many may go as one, see `RowStatement`.
    func send(_ statement: RowStatement, _ values: StoreValues) throws -> StoreSent

    func answer(_ sent: StoreSent) throws -> StoreAnswer

    /// A number that no other row of `table` has or will get; `nil` where the database only gives one to a row that is
    /// written without.
    func reserveNumber(in table: String) throws -> Int64?

    /// Calls `body` with each row of the answer until it returns `false`.
    /// - Parameter page: how many of many rows are likely to be looked at; `nil` for all.
    func forEachRow(_ sql: String, _ values: StoreValues, page: Int?, _ body: (StoreRow) throws -> Bool) throws

    /// Takes back what `body` wrote when it throws, and nothing else.
    func savepoint(_ body: () throws -> Void) throws
}

/// A statement whose answer is looked at later.
enum StoreSent {
    case answered(StoreAnswer)
    /// Its place among those of the transaction.
    case waiting(Int)
    /// Its place among rows that go as one statement.
    case row(SentRows, Int)
}

/// What became of a statement.
struct StoreAnswer: Sendable {
    /// How many rows it wrote.
    var count: Int
    /// The number of the row that it inserted; `nil` for none.
    var number: Int64?
    /// What it said, where that is text.
    var text: String?
    /// Whether nobody knows: the transaction is there, and the connection was lost that would have told.
    var isLost = false
}

extension StoreConnection {
    func send(_ statement: RowStatement, _ values: StoreValues) throws -> StoreSent {
        guard let sql = statement.sql else {
            throw StoreError(code: .unavailable, detail: "rows of several tables, one by one")
        }
        return try send(sql, values, key: nil)
    }

    func execute(_ sql: String) throws { try execute(sql, []) }

    /// Runs a statement that answers no rows.
    /// - Returns: how many rows it wrote.
    func changes(_ sql: String, _ values: StoreValues) throws -> Int {
        try answer(send(sql, values, key: nil)).count
    }

    /// Writes a row.
    /// - Parameter key: the column that the database numbers rows by.
    /// - Returns: the row's number; `nil` when there was a conflict that the statement does nothing about.
    func insert(_ sql: String, _ values: StoreValues, key: String) throws -> Int64? {
        try answer(send(sql, values, key: key)).number
    }

    func forEachRow(_ sql: String, _ values: StoreValues, _ body: (StoreRow) throws -> Bool) throws {
        try forEachRow(sql, values, page: nil, body)
    }

    func rows<Row>(_ sql: String, _ values: StoreValues = [], _ read: (StoreRow) throws -> Row) throws -> [Row] {
        var rows: [Row] = []
        try forEachRow(sql, values) { row in
            rows.append(try read(row))
            return true
        }
        return rows
    }

    /// What `read` makes of the first row; `nil` when there is none.
    func first<Row>(_ sql: String, _ values: StoreValues = [], _ read: (StoreRow) throws -> Row) throws -> Row? {
        var found: Row?
        try forEachRow(sql, values) { row in
            found = try read(row)
            return false
        }
        return found
    }

    /// The first column of the first row; `nil` when there is no row, or null in it.
    func value<Value: StoreConvertible>(_ sql: String, _ values: StoreValues = []) throws -> Value? {
        try first(sql, values) { try $0.first() } ?? nil
    }
}

/// Where databases differ in what the store's statements say. Whatever is not here, all of them understand alike.
enum StoreDialect: Sendable {
    case sqlite
    case postgres

    /// A table that is gone through along one of its indices: the statement is written for it, and any other one would
    /// go through rows of others.
    func along(_ index: String, of table: String) -> String {
        switch self {
        case .sqlite: "\(table) INDEXED BY \(index)"
        // Has statistics of what is rare, and no way to be told.
        case .postgres: table
        }
    }

    /// A table whose rows are found by their numbers, and along no index.
    func byNumber(_ table: String) -> String {
        switch self {
        case .sqlite: "\(table) NOT INDEXED"
        case .postgres: table
        }
    }

    /// Joins a table to the one before it, whose rows are gone through first.
    var joinInOrder: String {
        switch self {
        case .sqlite: "CROSS JOIN"
        case .postgres: "JOIN"
        }
    }

    /// A condition that the planner is to take for one that leaves out little.
    func likely(_ condition: String) -> String {
        switch self {
        case .sqlite: "likely(\(condition))"
        case .postgres: "(\(condition))"
        }
    }

    /// The value of an event's header in a row of `outbox`.
    func header(_ name: String) -> String {
        switch self {
        case .sqlite: "json_extract(CAST(headers AS TEXT), '$.\"\(name)\"')"
        case .postgres: "(convert_from(headers, 'UTF8')::json ->> '\(name)')"
        }
    }

    /// The column that numbers the rows of a table without a key of its own.
    var rowNumber: String {
        switch self {
        case .sqlite: "rowid"
        case .postgres: "number"
        }
    }

    /// So many bytes that nobody has chosen.
    func randomBytes(_ count: Int) -> String {
        switch self {
        case .sqlite: "randomblob(\(count))"
        case .postgres:
            "(SELECT string_agg(sha256(gen_random_uuid()::text::bytea), NULL) FROM generate_series(1, \(count / 32)))"
        }
    }

    /// Locks the row of `table` that a statement in a transaction reads, so that others who write it wait; `""` where
    /// only one writes at a time.
    func locking(_ table: String) -> String {
        switch self {
        case .sqlite: ""
        case .postgres: " FOR UPDATE OF \(table)"
        }
    }

    /// Has others who do the same with these values wait until the transaction ends: a statement with places for bytes
    /// and a text; `nil` where only one writes at a time.
    var lockValues: String? {
        switch self {
        case .sqlite: nil
        case .postgres: "SELECT pg_advisory_xact_lock(hashtextextended(encode(?1, 'hex'), hashtext(?2)))"
        }
    }

    /// Where several write at a time, a row may come later than one with a higher number. Three questions, each in a
    /// transaction of its own: the last number given in `request`, then the time, and then how many transactions that
    /// began before that time and write are not over. When there are none, no number up to the first is still to come.
    /// `nil` where only one writes at a time.
    var numberOrder: (last: String, time: String, writers: String)? {
        switch self {
        case .sqlite: nil
        case .postgres:
            (
                "SELECT last_value FROM request_number_seq",
                "SELECT (extract(epoch FROM clock_timestamp()) * 1000000)::bigint",
                // A transaction is given its own number before it takes any of a table's.
                """
                SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND backend_xid IS NOT NULL
                    AND (extract(epoch FROM xact_start) * 1000000)::bigint <= ?
                """
            )
        }
    }

    /// Whether one statement may write rows of several tables, see `RowStatement`, and numbers are known before.
    var writesTogether: Bool {
        switch self {
        case .sqlite: false
        case .postgres: true
        }
    }

    /// Whether several processes on one database share its outbox: each entry has the process that publishes it.
    var hasWriters: Bool {
        switch self {
        case .sqlite: false
        case .postgres: true
        }
    }

    /// A condition on a row of `outbox`: that this process is to publish it.
    var isOwnEntry: String {
        switch self {
        case .sqlite: "1 = 1"
        case .postgres: "writer = current_setting('intake.writer')"
        }
    }
}
