import Contracts
import Crypto
import Foundation
import GRDB
import PostgreSQL
import ServiceRuntime

/// `ingest-service copy-store FILE`: copies a SQLite file into the PostgreSQL database of `INTAKE_STORE_URL`, while no
/// service runs on either.
///
/// It goes table by table in the order of keys, and may be ended at any moment: called again it goes on where it was.
/// Until all is there, and the same row by row, no service starts on the database.
struct StoreCopy {
    typealias Failure = MaintenanceCommand.Failure

    /// What is the same on both sides.
    struct Report: Encodable, Equatable {
        struct Table: Encodable, Equatable {
            var name: String
            var rows: Int
            /// Of all values in the order of keys, in hex.
            var sha256: String
        }

        var file: String
        var database: String
        var tables: [Table]
    }

    /// Each table with what its rows are told apart by.
    private static let tables: [(name: String, key: [String])] = [
        ("request", ["number"]), ("person", ["number"]), ("stage_trouble", ["request_id", "stage", "message_id"]),
        ("dead_letter", ["stage", "message_id"]), ("idempotency_key", ["provider", "key"]),
        ("timeline", ["request", "at", "entry"]), ("endpoint", ["provider"]), ("review", ["request"]),
        ("staff_person", ["number"]), ("staff_link", ["selector"]), ("staff_session", ["hash"]),
        ("staff_attempt", ["hash"]),
        ("audit_log", ["number"]), ("assignment", ["request"]), ("desk_entry", ["request", "at", "entry"]),
        ("search_word", ["word", "request"]), ("correction", ["number"]), ("partner_session", ["hash"]),
        ("outbox", ["sequence"]),
    ]
    /// Of one row, or for each start anew.
    private static let otherTables: Set = ["search_state", "probe"]
    /// Tables whose numbers the database gives.
    private static let numbered = [
        ("request", "number"), ("outbox", "sequence"), ("staff_person", "number"), ("audit_log", "number"),
        ("correction", "number"),
    ]
    private let file: String
    private let database: String
    private let source: DatabaseQueue
    private let target: PostgresConnection
    private let page: Int
    private let copied: () throws -> Void

    /// - Parameters:
    ///   - page: how many rows one transaction takes.
    ///   - copied: called after each transaction.
    /// - Throws: `Failure`.
    init(
        from path: String, to address: PostgresAddress, page: Int = 500, copied: @escaping () throws -> Void = {}
    ) throws {
        guard FileManager.default.fileExists(atPath: path) else { throw Failure(text: "\(path): no such file") }
        (self.file, database, self.page, self.copied) = (path, address.shown, page, copied)
        do {
            var configuration = Configuration()
            // Fails as long as another process has it open.
            configuration.prepareDatabase { try $0.execute(sql: "PRAGMA locking_mode = EXCLUSIVE") }
            source = try DatabaseQueue(path: path, configuration: configuration)
            try SQLiteSchema.migrate(source)
            try source.inTransaction(.exclusive) { _ in .commit }
        } catch let error as StoreError {
            throw Failure(text: "\(path): \(error.detail)")
        } catch let error as DatabaseError {
            let isBusy = error.resultCode == .SQLITE_BUSY
            throw Failure(text: "\(path): \(isBusy ? "another process has it open" : error.message ?? "\(error)")")
        }
        do {
            target = PostgresConnection(address, PostgresSchema.limits, set: PostgresWriter.naming("copy"))
            try PostgresSchema.migrate(target, refusesCopy: false)
            _ = try target.open()
        } catch { throw Failure(text: "\(address.shown): \(StoreError(postgres: error).detail)") }
    }

    /// - Parameter say: is told of each table that was compared.
    /// - Throws: `Failure`.
    @discardableResult
    func run(_ say: (Report.Table) -> Void = { _ in }) throws -> Report {
        do {
            try begin()
            for table in Self.tables { try copy(table.name, table.key) }
            let tables = try Self.tables.map { table in
                let compared = try compare(table.name, table.key)
                say(compared)
                return compared
            }
            try finish()
            return Report(file: file, database: database, tables: tables)
        } catch let error as Failure { throw error } catch let error as DatabaseError {
            throw Failure(text: "SQLite \(error.extendedResultCode.rawValue) \(error.message ?? "")")
        } catch { throw Failure(text: StoreError(postgres: error).detail) }
    }

    private func begin() throws {
        let known = Self.otherTables.union(Self.tables.map(\.name))
        let names = try source.read { database in
            try String.fetchAll(
                database,
                sql:
                    """
                    SELECT name FROM sqlite_master
                    WHERE type = 'table' AND name NOT LIKE 'sqlite%' AND name NOT LIKE 'grdb%'
                    """
            )
        }
        if let unknown = names.first(where: { !known.contains($0) }) {
            throw Failure(text: "the table \(unknown) is not known")
        }
        try transaction {
            let goesOn: Int64? = try target.value("SELECT 1::bigint WHERE to_regclass('store_copy') IS NOT NULL")
            guard goesOn == nil else { return }
            for table in Self.tables {
                let row: Int64? = try target.value("SELECT 1::bigint FROM \(table.name) LIMIT 1")
                if row != nil { throw Failure(text: "the database is not empty: \(table.name) has rows") }
            }
            try target.execute("CREATE TABLE store_copy (begun_at TIMESTAMPTZ NOT NULL DEFAULT now())")
        }
    }

    private func copy(_ table: String, _ key: [String]) throws {
        let columns = try columns(table)
        let keys = key.joined(separator: ", ")
        var after: [StoreValue]? = try transaction {
            try target.first("SELECT \(keys) FROM \(table) ORDER BY \(Self.descending(key)) LIMIT 1") { row in
                try key.map { try row[value: $0] }
            }
        }
        let places = columns.map { _ in "?" }.joined(separator: ", ")
        let insert = "INSERT INTO \(table) (\(columns.joined(separator: ", "))) VALUES (\(places))"
        while true {
            let rows = try sourceRows(table, columns, key, after)
            if rows.isEmpty { return }
            try transaction { for row in rows { try target.execute(insert, StoreValues(row)) } }
            try copied()
            after = rows.last.map { row in key.map { row[columns.firstIndex(of: $0) ?? 0] } }
        }
    }

    /// Counts and digests of both sides.
    private func compare(_ table: String, _ key: [String]) throws -> Report.Table {
        let columns = try columns(table)
        let ours = try digest {
            try sourceRows(table, columns, key, $0)
        } key: { row in
            key.map { row[columns.firstIndex(of: $0) ?? 0] }
        }
        let theirs = try digest {
            try targetRows(table, columns, key, $0)
        } key: { row in
            key.map { row[columns.firstIndex(of: $0) ?? 0] }
        }
        guard ours == theirs else {
            throw Failure(text: "\(table) differs: \(ours.count) rows in the file, \(theirs.count) in the database")
        }
        return Report.Table(name: table, rows: ours.count, sha256: ours.sha256)
    }

    private struct Digest: Equatable {
        var count: Int
        var sha256: String
    }

    private func digest(
        _ next: ([StoreValue]?) throws -> [[StoreValue]], key: ([StoreValue]) -> [StoreValue]
    ) throws -> Digest {
        var (hash, count, after) = (SHA256(), 0, [StoreValue]?.none)
        while true {
            let rows = try next(after)
            if rows.isEmpty { break }
            for row in rows { for value in row { hash.update(data: value.canonicalBytes) } }
            count += rows.count
            after = rows.last.map(key)
        }
        return Digest(count: count, sha256: "\(hash.finalize())".suffix(64).description)
    }

    /// The words' key and how far they are, and numbers that go on behind those that were given.
    private func finish() throws {
        let (key, done) = try source.read { database in
            guard let row = try Row.fetchOne(database, sql: "SELECT key, done FROM search_state") else {
                throw Failure(text: "search_state is empty")
            }
            return (row["key"] as Data, row["done"] as Int64)
        }
        let numbers = try source.read { database in
            try Self.numbered.map { table, column in
                try Int64.fetchOne(
                    database,
                    sql: """
                        SELECT max(coalesce((SELECT max(\(column)) FROM \(table)), 0),
                            coalesce((SELECT seq FROM sqlite_sequence WHERE name = '\(table)'), 0))
                        """) ?? 0
            }
        }
        try transaction {
            try target.execute("UPDATE search_state SET key = ?, done = ?", [[UInt8](key), done])
            for ((table, column), last) in zip(Self.numbered, numbers) {
                try target.execute(
                    "SELECT setval(pg_get_serial_sequence('\(table)', '\(column)'), ?)", [last + 1])
            }
            try target.execute("DROP TABLE store_copy")
        }
        target.close()
    }

    // MARK: Rows

    private func columns(_ table: String) throws -> [String] {
        try source.read { try String.fetchAll($0, sql: "SELECT name FROM pragma_table_info('\(table)')") }
    }

    private func sourceRows(
        _ table: String, _ columns: [String], _ key: [String], _ after: [StoreValue]?
    ) throws -> [[StoreValue]] {
        let sql = select(table, columns, key, isAfter: after != nil)
        return try source.read { database in
            let statement = try database.cachedStatement(sql: sql)
            try statement.bind(after ?? [])
            let rows = try Row.fetchAll(statement)
            return rows.map { row in columns.indices.map { StoreValue(row[$0] as DatabaseValue) } }
        }
    }

    private func targetRows(
        _ table: String, _ columns: [String], _ key: [String], _ after: [StoreValue]?
    ) throws -> [[StoreValue]] {
        try transaction {
            try target.rows(select(table, columns, key, isAfter: after != nil), StoreValues(after ?? [])) { row in
                try columns.map { try row[value: $0] }
            }
        }
    }

    private func select(_ table: String, _ columns: [String], _ key: [String], isAfter: Bool) -> String {
        let keys = key.joined(separator: ", ")
        let places = key.map { _ in "?" }.joined(separator: ", ")
        return """
            SELECT \(columns.joined(separator: ", ")) FROM \(table) \(isAfter ? "WHERE (\(keys)) > (\(places))" : "")
            ORDER BY \(keys) LIMIT \(page)
            """
    }

    private static func descending(_ key: [String]) -> String { key.map { "\($0) DESC" }.joined(separator: ", ") }

    private func transaction<Result>(_ body: () throws -> Result) throws -> Result {
        do {
            try target.begin("BEGIN")
            let result = try body()
            try target.commit()
            return result
        } catch {
            target.rollBack(error)
            throw error
        }
    }
}

extension StoreCopy {
    static let command = MaintenanceCommand(
        "copy-store", arguments: "FILE [--json]",
        meaning: "copies a SQLite store to the PostgreSQL database of INTAKE_STORE_URL, while no service runs."
    ) { words, settings in
        guard let (path, isJSON) = MaintenanceCommand.file(words) else { return nil }
        let (_, address) = IngestConfiguration.store(&settings)
        if address == nil { settings.reject("store.url", "has to name the PostgreSQL database to copy to") }
        return {
            guard let address else { return }  // Refused above.
            let report = try StoreCopy(from: path, to: address).run { table in
                if !isJSON { print("\(table.name): \(table.rows) rows, \(table.sha256.prefix(12))") }
            }
            print(isJSON ? try MaintenanceCommand.json(report) : "All of \(path) is in \(address.shown).")
        }
    }
}

extension StoreValue {
    /// The same for the same value of either database, and for no other.
    fileprivate var canonicalBytes: [UInt8] {
        func bytes(_ kind: UInt8, _ content: some Collection<UInt8>) -> [UInt8] {
            [kind] + withUnsafeBytes(of: Int64(content.count).bigEndian, Array.init) + content
        }
        return switch self {
        case .null: [0]
        case .integer(let number): bytes(1, withUnsafeBytes(of: number.bigEndian, Array.init))
        case .real(let number): bytes(2, withUnsafeBytes(of: number.bitPattern.bigEndian, Array.init))
        case .text(let text): bytes(3, text.utf8)
        case .blob(let blob): bytes(4, blob)
        }
    }
}
