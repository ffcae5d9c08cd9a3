import Contracts
import Foundation
import GRDB
import ServiceRuntime
import TestSupport
import Testing

@testable import IngestService

/// Copies of a store that is in use.
@Suite(.serialized, .timeLimit(.minutes(1)))
struct StoreBackupTests {
    @Test func aCopyIsWholePrivateAndAStoreWhileRequestsGoOn() async throws {
        try await withSQLiteStore { store, path in
            var ids: [Contracts.RequestID] = []
            for index in 0..<20 {
                let request = Fixture.newRequest(submission: Fixture.submission(providerRequestID: "B-\(index)"))
                _ = try await store.accept(request, event: try Fixture.event(request))
                ids.append(request.id)
            }
            let file = "\(try TestDirectory.make("backup"))/copy.sqlite"
            // What is begun and not committed, by a program that does not end meanwhile, is not in it.
            let other = try otherConnection(path)
            try await other.writeWithoutTransaction {
                try $0.execute(sql: "BEGIN IMMEDIATE; DELETE FROM outbox")
            }
            let report = try await onThread { try StoreBackup(of: path, to: file).run() }
            try await other.writeWithoutTransaction { try $0.execute(sql: "ROLLBACK") }
            #expect((report.requests, report.outbox, report.schema) == (20, 20, SQLiteSchema.migrator.migrations.count))
            let attributes = try FileManager.default.attributesOfItem(atPath: file)
            #expect(attributes[.posixPermissions] as? Int == 0o600 && attributes[.size] as? Int == report.bytes)
            let folder = URL(filePath: file).deletingLastPathComponent().path
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["copy.sqlite"])
            // The store goes on, and so does the copy in its place.
            let later = Fixture.newRequest()
            #expect(try await store.accept(later, event: try Fixture.event(later)) == .accepted)
            let restored = try sqliteStore(file)
            for id in ids { #expect(try await restored.request(id) != nil) }
            #expect(try await restored.request(later.id) == nil)
            #expect(try await restored.accept(later, event: try Fixture.event(later)) == .accepted)
            #expect(
                report.line.hasPrefix("\(file): 20 requests, 20 events in the outbox, \(report.bytes) bytes; whole;"))
            let json = try MaintenanceCommand.json(report)
            let object = try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String: Any]
            #expect(object?["requests"] as? Int == 20 && object?["store"] as? String == path)
        }
    }

    @Test func whatCannotBeIsOneLineAndLeavesNothing() async throws {
        try await withSQLiteStore { store, path in
            let directory = try TestDirectory.make("backup")
            let (text, foreign, taken) = ("\(directory)/text", "\(directory)/foreign", "\(directory)/taken")
            try String(repeating: "no database. ", count: 1000).write(toFile: text, atomically: true, encoding: .utf8)
            try await DatabaseQueue(path: foreign).write { try $0.execute(sql: "CREATE TABLE request (id TEXT)") }
            try "kept".write(toFile: taken, atomically: true, encoding: .utf8)
            try "half".write(toFile: "\(directory)/half.partial", atomically: true, encoding: .utf8)
            let before = try FileManager.default.contentsOfDirectory(atPath: directory).sorted()
            for (source, file, problem) in [
                (
                    "\(directory)/nothing", "\(directory)/new",
                    "\(directory)/nothing: no such file; INTAKE_STORE_PATH says where the store is"
                ),
                (text, "\(directory)/new", "\(text) is no store of ingest-service's"),
                (foreign, "\(directory)/new", "\(foreign) is no store of ingest-service's"),
                (path, taken, "\(taken) is there already, and is not overwritten"),
                (path, path, "\(path) is there already, and is not overwritten"),
                (
                    path, "\(directory)/half",
                    "\(directory)/half.partial is there: another backup is under way, or one was killed; then remove it"
                ),
                (path, "\(directory)/no/where", "\(directory)/no/where.partial: No such file or directory"),
            ] {
                let error = await #expect(throws: StoreBackup.Failure.self) {
                    _ = try await onThread { try StoreBackup(of: source, to: file).run() }
                }
                #expect(error?.text == problem)
            }
            #expect(try FileManager.default.contentsOfDirectory(atPath: directory).sorted() == before)
            #expect(try String(contentsOfFile: taken, encoding: .utf8) == "kept")
            try await store.checkWritable()
        }
    }

    @Test func aStoreThatIsDamagedIsNoBackup() async throws {
        try await withSQLiteStore { store, path in
            let request = Fixture.newRequest()
            _ = try await store.accept(request, event: try Fixture.event(request))
            let place = try await store.pool.read { database in
                // Nobody counts these rows.
                let page = try Int.fetchOne(database, sql: "SELECT rootpage FROM sqlite_master WHERE name = 'person'")
                let size = try Int.fetchOne(database, sql: "PRAGMA page_size")
                return (offset: try #require(page.flatMap { page in size.map { (page - 1) * $0 } }), size: size ?? 0)
            }
            #expect(try await store.database.truncateLog())
            try store.end()
            let handle = try FileHandle(forUpdating: URL(filePath: path))
            try handle.seek(toOffset: UInt64(place.offset))
            try handle.write(contentsOf: Data(repeating: 0xA5, count: place.size))
            try handle.close()
            let directory = try TestDirectory.make("backup")
            let error = await #expect(throws: StoreBackup.Failure.self) {
                _ = try await onThread { try StoreBackup(of: path, to: "\(directory)/new").run() }
            }
            #expect(error?.text.hasPrefix("the store is damaged: ") == true && error?.text.contains("\n") == false)
            #expect(try FileManager.default.contentsOfDirectory(atPath: directory).isEmpty)
        }
    }

    @Test func wrongArgumentsAreRefused() async {
        for words in [[], ["--json"], ["a", "b"], ["--overwrite"], [""]] {
            #expect(await StoreBackup.command.run("ingest-service", words) == 64)
        }
        for words in [[], ["a", "b"], ["--json"], [""]] {
            #expect(await StoreCopy.command.run("ingest-service", words) == 64)
        }
        // The environment of the tests names no database.
        #expect(await StoreCopy.command.run("ingest-service", ["a"]) == 78)
    }

    @Test func aNewerSchemaIsRefused() async throws {
        try await withSQLiteStore { store, path in
            let known = SQLiteSchema.migrator.migrations.count
            try await store.pool.write {
                try $0.execute(sql: "INSERT INTO grdb_migrations (identifier) VALUES ('99 things to come')")
            }
            let error = #expect(throws: StoreError.self) { _ = try sqliteStore(path) }
            #expect(
                error?.detail == "its schema is version \(known + 1) (99 things to come), newer than this program, "
                    + "which knows \(known)")
            // A backup before going back is what an operator wants then.
            let file = "\(try TestDirectory.make("backup"))/copy.sqlite"
            #expect(try await onThread { try StoreBackup(of: path, to: file).run() }.schema == known + 1)
        }
    }
}
