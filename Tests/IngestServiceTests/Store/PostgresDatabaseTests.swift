import Contracts
import Foundation
import GRDB
import Synchronization
import TestSupport
import Testing

@testable import IngestService
@testable import PostgreSQL

/// The store on PostgreSQL, where it is not as on SQLite.
@Suite(.serialized, .enabled(if: PostgresServer.isInstalled), .timeLimit(.minutes(5)))
struct PostgresDatabaseTests {
    @Test func placesAreNumbered() {
        #expect(
            PostgresText("SELECT ? FROM a WHERE b = ? AND c = '?'").sql == "SELECT $1 FROM a WHERE b = $2 AND c = '?'")
        #expect(
            PostgresText("INSERT INTO a (b) VALUES (?1, ?12)", key: "n").sql
                == "INSERT INTO a (b) VALUES ($1, $12) RETURNING n")
    }

    @Test(arguments: [
        "", "postgres", "http://a/b", "postgresql://a:b:c/d", "postgresql:///x?nonsense=1", "postgresql://u:a/b@c/d",
        "postgresql://u:a@b@c/d", "postgresql://u:1/b@c/d",
    ])
    func whatIsNoURLIsRefused(_ text: String) { #expect(PostgresAddress(text) == nil) }

    @Test func whatIsShownOfAURLIsNoSecret() {
        let address = PostgresAddress("postgresql://intake:hidden@a,b:5433/requests?sslmode=verify-full&password=too")
        #expect(address?.shown == "postgresql://a,b:,5433/requests")
    }

    @Test func anyValueComesBack() async throws {
        try await withPostgresStore { store, _ in
            let numbers: [Int64] = [0, -1, 1, 10, -10, .max, .min]
            let reals = [0.0, -0.5, 1e300, .leastNonzeroMagnitude, .infinity]
            let bytes: [UInt8] = Array(0...255)
            try await store.write { transaction in
                for number in numbers {
                    let got: Int64? = try transaction.value("SELECT coalesce(?, 0::bigint)", [number])
                    #expect(got == number)
                }
                for real in reals {
                    let got: Double? = try transaction.value("SELECT coalesce(?, 0::double precision)", [real])
                    #expect(got == real)
                }
                let blob: [UInt8]? = try transaction.value("SELECT coalesce(?, ''::bytea)", [bytes])
                #expect(blob == bytes)
                let empty: [UInt8]? = try transaction.value("SELECT coalesce(?, 'x'::bytea)", [[UInt8]()])
                #expect(empty?.isEmpty == true)
                // PostgreSQL has no text with a zero in it.
                let text: String? = try transaction.value("SELECT coalesce(?, ''::text)", ["a\0b"])
                #expect(text == "a\u{FFFD}b")
                let none: String? = try transaction.value("SELECT ?::text", [nil])
                #expect(none == nil)
            }
        }
    }

    /// More than one statement takes, with every kind of value.
    @Test func anyRowsComeBackThatGoAsOne() async throws {
        let add = RowStatement(
            insertInto: "odd", [("number", .integer), ("real", .real), ("text", .text), ("bytes", .blob)])
        let change = RowStatement(
            update: "odd", set: "text = ?2", where: "number = ?1 AND text IS DISTINCT FROM ?2", [.integer, .text])
        let byName = RowStatement(update: "odd", set: "number = ?2", where: "text = ?1", [.text, .integer])
        try await withPostgresStore { store, _ in
            let rows: [[StoreValue]] = (0..<1200).map { number in
                switch number % 3 {
                case 0: [.integer(Int64(number)), .null, .null, .null]
                case 1: [.integer(Int64(number)), .real(-0.5), .text(""), .blob([])]
                default:
                    [.integer(Int64(number)), .real(1e300), .text("a\0\"{},\\ü"), .blob([0, 0x5C, 0xFF])]
                }
            }
            try await store.write {
                try $0.execute("CREATE TABLE odd (number BIGINT, real DOUBLE PRECISION, text TEXT, bytes BYTEA)")
            }
            try await store.write { transaction in
                for row in rows { _ = try transaction.send(add, StoreValues(row)) }
            }
            let found = try await store.read {
                try $0.rows("SELECT * FROM odd ORDER BY number") { row in
                    try ["number", "real", "text", "bytes"].map { try row[value: $0] }
                }
            }
            let shown = rows.map { row in row.map { $0 == .text("a\0\"{},\\ü") ? .text("a\u{FFFD}\"{},\\ü") : $0 } }
            #expect(found == shown)
            let counts = try await store.write { transaction in
                let sent = try [(0, "x"), (1, ""), (5000, "x"), (2, "y")].map { number, text in
                    try transaction.send(change, [number, text])
                }
                return try sent.map { try transaction.answer($0).count }
            }
            #expect(counts == [1, 0, 0, 1])
            // The second one finds what the first one of the same name has left.
            let twice = try await store.write { transaction in
                let sent = try [-1, -2].map { try transaction.send(byName, ["x", $0]) }
                return try sent.map { try transaction.answer($0).count }
            }
            #expect(twice == [1, 1])
            let last: Int? = try await store.read { try $0.value("SELECT number FROM odd WHERE text = 'x'") }
            #expect(last == -2)
            await #expect(throws: StoreError.self) {
                try await store.write { _ = try $0.send(add, [1, 2.0]) }
            }
        }
    }

    /// What a batch sends is more than buffers hold, and one of its statements fails.
    @Test func aWriteThatFailsTakesNoOthersWithIt() async throws {
        try await withPostgresStore { store, _ in
            let outcomes = await withTaskGroup(of: Bool.self) { group in
                for number in 0..<600 {
                    group.addTask {
                        do {
                            try await store.write { transaction in
                                let isOdd = number % 100 == 99
                                try transaction.execute(
                                    "INSERT INTO audit_log (at, person, action) VALUES (?, ?, ?)",
                                    [number, String(repeating: "x", count: 2000), isOdd ? nil : "a"])
                            }
                            return true
                        } catch { return false }
                    }
                }
                return await group.reduce(into: [true: 0, false: 0]) { $0[$1, default: 0] += 1 }
            }
            #expect(outcomes == [true: 594, false: 6])
            let count: Int? = try await store.read { try $0.value("SELECT count(*) FROM audit_log") }
            #expect(count == 594)
        }
    }

    @Test func whatAPartHasDoneIsTakenBackAlone() async throws {
        try await withPostgresStore { store, _ in
            try await store.write { transaction in
                try transaction.write(AuditEntry(at: Fixture.now, person: "before", action: .noted))
                for person in [nil, "kept"] {
                    try? transaction.savepoint {
                        try transaction.execute(
                            "INSERT INTO audit_log (at, person, action) VALUES (1, 'part', 'a')", [])
                        try transaction.execute(
                            "INSERT INTO audit_log (at, person, action) VALUES (1, ?, 'a')", [person])
                    }
                }
            }
            let names: [String] = try await store.read {
                try $0.rows("SELECT person FROM audit_log ORDER BY number") { try $0["person"] }
            }
            #expect(names == ["before", "part", "kept"])
        }
    }

    /// Through a cursor, whose rows ask for more.
    @Test func longAnswersComeInPages() async throws {
        try await withPostgresStore { store, _ in
            for second in 0..<25 {
                let request = Fixture.newRequest(at: Fixture.now + Double(second))
                _ = try await store.accept(request, event: try Fixture.event(request))
            }
            for limit in [1, 7, 24, 25, 26] {
                let found = try await store.requests(of: "portal", before: nil, limit: limit)
                #expect(
                    found.count == min(25, limit)
                        && found.map(\.id.description) == found.map(\.id.description).sorted(by: >))
            }
        }
    }

    @Test func bothStoresHaveTheSameColumns() async throws {
        let sqlite = try await withSQLiteStore { store, _ in
            try await store.pool.read { database in
                try Row.fetchAll(
                    database,
                    sql: """
                        SELECT m.name || '.' || c.name AS name
                        FROM sqlite_master AS m JOIN pragma_table_info(m.name) AS c
                        WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite%' AND m.name NOT LIKE 'grdb%'
                        """
                ).map { $0["name"] as String }
            }
        }
        let postgres = try await withPostgresStore { store, _ in
            try await store.read {
                try $0.rows(
                    "SELECT table_name || '.' || column_name AS name FROM information_schema.columns WHERE table_schema = 'public'"
                ) { try $0["name"] as String }
            }
        }
        let own: Set = [
            "outbox.writer", "writer.identity", "writer.number", "writer.seen_at", "probe.number", "lease.name",
            "lease.writer", "lease.until",
            "schema_version.version", "schema_version.applied_at",
        ]
        #expect(Set(sqlite) == Set(postgres).subtracting(own))
    }

    @Test func severalMayMakeTheSameSchemaAtOnce() async throws {
        let server = try await PostgresServer.shared()
        try await server.run("CREATE DATABASE at_once")
        let url = server.url("at_once")
        try await withThrowingTaskGroup { group in
            for _ in 0..<4 { group.addTask { try await postgresStore(url).checkWritable() } }
            try await group.waitForAll()
        }
        try await server.run("DROP DATABASE at_once WITH (FORCE)")
    }

    @Test func whatIsErasedLeavesTheTables() async throws {
        try await withPostgresStore { store, _ in
            let request = Fixture.newRequest(submission: Fixture.submission(name: "Zaphod Recognisable"))
            _ = try await store.accept(request, event: try Fixture.event(request))
            _ = try await store.erasePersonalData(of: request.id, force: true, at: Fixture.now)
            #expect(try await store.truncateLog())
            let dead: Int? = try await store.read {
                try $0.value("SELECT count(*) FROM pg_stat_user_tables WHERE relname = 'person' AND vacuum_count > 0")
            }
            #expect(dead == 1)
        }
    }

    /// One that reads since before may still look at it.
    @Test func whatSomebodyReadsIsErasedLater() async throws {
        try await withPostgresStore { store, url in
            let other = try await postgresStore(url)
            let (isReading, mayEnd) = (DispatchSemaphore(value: 0), DispatchSemaphore(value: 0))
            async let reading: Void = other.read { transaction in
                _ = try transaction.rows("SELECT 1 AS one FROM request") { _ in }
                isReading.signal()
                mayEnd.wait()
            }
            try await onThread { isReading.wait() }
            #expect(try await !store.truncateLog())
            mayEnd.signal()
            _ = try await reading
            #expect(try await store.truncateLog())
        }
    }
}
