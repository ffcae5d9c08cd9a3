/// A schema that grows by migrations, one per change, each of which runs once and never changes after its release.
package struct PostgresMigrations: Sendable {
    /// The table that says which of them have run.
    private let table: String
    /// Any number that means this schema.
    private let lock: Int64
    /// Statements with semicolons between them.
    private let migrations: [String]

    package init(table: String, lock: Int64, _ migrations: [String]) {
        self.table = table
        self.lock = lock
        self.migrations = migrations
    }

    package var version: Int { migrations.count }

    /// Migrations may have much to do, and wait for another process that does them.
    package static let limits = PostgresLimits(statement: .zero, lock: .zero, answer: .seconds(3600))

    /// Brings the schema up to date, one process at a time, all of it or nothing, and closes the connection.
    /// - Parameters:
    ///   - last: for tests, which make an older schema.
    ///   - check: called before anything is changed; what it throws leaves all as it was.
    /// - Throws: `PostgresError`, and what `check` throws.
    package func run(
        on connection: PostgresConnection, upTo last: Int? = nil, check: (PostgresConnection) throws -> Void = { _ in }
    ) throws {
        defer { connection.close() }
        _ = try connection.open()
        try connection.begin("BEGIN ISOLATION LEVEL READ COMMITTED")
        try connection.post("SELECT pg_advisory_xact_lock(\(lock))")
        try connection.settle()
        // Seen by whoever waited for the lock.
        try connection.post(
            """
            CREATE TABLE IF NOT EXISTS \(table) (version BIGINT NOT NULL PRIMARY KEY, applied_at TIMESTAMPTZ NOT NULL)
            """)
        var found = 0
        try connection.forEachRow("SELECT coalesce(max(version), 0) FROM \(table)") { row in
            if case .integer(let number) = row.first { found = Int(clamping: number) }
            return false
        }
        guard found <= version else {
            throw PostgresError(
                detail: "its schema is version \(found), newer than this program, which knows \(version)")
        }
        try check(connection)
        for (index, migration) in migrations.enumerated().prefix(last ?? version).dropFirst(found) {
            for statement in migration.split(separator: ";") where statement.contains(where: \.isLetter) {
                try connection.post(String(statement))
            }
            try connection.post(
                "INSERT INTO \(table) (version, applied_at) VALUES (?, now())", [.integer(Int64(index + 1))])
        }
        try connection.commit()
    }
}
