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

    /// Runs `body` in a transaction, perhaps with others in the same one, and returns when it is durable. `body` may
    /// run twice, and must touch nothing but the connection.
    /// - Parameters:
    ///   - isPatient: whether it may wait a moment to be committed with others.
    ///   - committed: called with the result as soon as it is durable, before whoever waits for it goes on. Must not
    ///     wait.
    /// - Throws: what `body` threw, or why its transaction failed; nothing is written then.
    func write<Result: Sendable>(
        isPatient: Bool, _ body: @escaping @Sendable (any StoreConnection) throws -> Result,
        committed: @escaping @Sendable (Result) -> Void
    ) async throws(StoreError) -> Result

    /// Has what was erased leave the log beside the data. Waits for nobody who reads.
    /// - Returns: whether it has; `false` while somebody reads or writes what is in the log.
    func truncateLog() async throws(StoreError) -> Bool
}

/// One connection, within a transaction or a snapshot. Statements have `?` or `?1`, `?2`, … in the places of their
/// values.
protocol StoreConnection {
    /// Runs a statement that answers no rows.
    /// - Returns: how many rows it wrote.
    @discardableResult
    func execute(_ sql: String, _ values: StoreValues) throws -> Int

    /// Writes a row.
    /// - Parameter key: the column that the database numbers rows by.
    /// - Returns: the row's number; `nil` when there was a conflict that the statement does nothing about.
    func insert(_ sql: String, _ values: StoreValues, key: String) throws -> Int64?

    /// Calls `body` with each row of the answer until it returns `false`.
    func forEachRow(_ sql: String, _ values: StoreValues, _ body: (StoreRow) throws -> Bool) throws

    /// Takes back what `body` wrote when it throws, and nothing else.
    func savepoint(_ body: () throws -> Void) throws
}

extension StoreConnection {
    @discardableResult
    func execute(_ sql: String) throws -> Int { try execute(sql, []) }

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

    /// A table that is gone through along one of its indices: the statement is written for it, and any other one would
    /// go through rows of others.
    func along(_ index: String, of table: String) -> String {
        switch self {
        case .sqlite: "\(table) INDEXED BY \(index)"
        }
    }

    /// Joins a table to the one before it, whose rows are gone through first.
    var joinInOrder: String {
        switch self {
        case .sqlite: "CROSS JOIN"
        }
    }

    /// A condition that the planner is to take for one that leaves out little.
    func likely(_ condition: String) -> String {
        switch self {
        case .sqlite: "likely(\(condition))"
        }
    }

    /// The value of an event's header in a row of `outbox`.
    func header(_ name: String) -> String {
        switch self {
        case .sqlite: "json_extract(CAST(headers AS TEXT), '$.\"\(name)\"')"
        }
    }

    /// The column that numbers the rows of a table without a key of its own.
    var rowNumber: String {
        switch self {
        case .sqlite: "rowid"
        }
    }

    /// So many bytes that nobody has chosen.
    func randomBytes(_ count: Int) -> String {
        switch self {
        case .sqlite: "randomblob(\(count))"
        }
    }
}
