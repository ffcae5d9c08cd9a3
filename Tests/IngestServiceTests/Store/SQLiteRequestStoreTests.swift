import Contracts
import Foundation
import GRDB
import Testing

@testable import IngestService

@Suite("SQLiteRequestStore", .serialized)
struct SQLiteRequestStoreTests {
    @Test func everyCommitIsFlushedToTheDisk() async throws {
        try await withSQLiteStore { store, _ in
            let request = Fixture.newRequest()
            _ = try await store.accept(request, event: try Fixture.event(request))
            let (synchronous, journal) = try await store.pool.writeWithoutTransaction { database in
                (
                    try Int.fetchOne(database, sql: "PRAGMA synchronous"),
                    try String.fetchOne(database, sql: "PRAGMA journal_mode")
                )
            }
            #expect(synchronous == 2, "FULL")
            #expect(journal == "wal")
        }
    }

    @Test func onlyTheOwnerCanReadTheFiles() async throws {
        try await withSQLiteStore { store, path in
            try await store.checkWritable()
            for file in [path, path + "-wal"] {
                let attributes = try FileManager.default.attributesOfItem(atPath: file)
                #expect(attributes[.posixPermissions] as? Int == 0o600)
            }
        }
    }

    @Test func whatWasAcceptedIsThereAfterAnotherStart() async throws {
        try await withSQLiteStore { store, path in
            let request = Fixture.newRequest()
            _ = try await store.accept(request, event: try Fixture.event(request))
            let second = try SQLiteRequestStore(path: path)
            #expect(try await second.request(request.id)?.submission == request.submission)
            #expect(try await second.outbox(after: 0, limit: 10).count == 1)
        }
    }

    @Test func twoProcessesOnOneFileAgreeOnDuplicates() async throws {
        try await withSQLiteStore { first, path in
            let second = try SQLiteRequestStore(path: path)
            let submission = Fixture.submission(providerRequestID: "R-1")
            let accepted = try await withThrowingTaskGroup(of: Bool.self) { group in
                for index in 0..<40 {
                    let store = index.isMultiple(of: 2) ? first : second
                    group.addTask {
                        let request = Fixture.newRequest(submission: submission)
                        return try await store.accept(request, event: try Fixture.event(request)).entry != nil
                    }
                }
                return try await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
            }
            #expect(accepted == 1)
        }
    }

    @Test func severalMayMakeTheSameFileAtOnce() async throws {
        try await withSQLiteStore { _, path in
            for round in 0..<5 {
                try await withThrowingTaskGroup { group in
                    for _ in 0..<4 {
                        group.addTask { try await SQLiteRequestStore(path: "\(path)-\(round)").checkWritable() }
                    }
                    try await group.waitForAll()
                }
            }
        }
    }

    @Test func aFullDiskIsAnErrorAndNothingIsHalfWritten() async throws {
        try await withSQLiteStore { store, _ in
            try await fill(store)
            let request = Fixture.newRequest(
                submission: Fixture.submission(street: String(repeating: "x", count: 9000)))
            await #expect(throws: StoreError.self) {
                _ = try await store.accept(request, event: try Fixture.event(request))
            }
            #expect(try await store.request(request.id) == nil)
            #expect(try await store.outboxStatus().count == 0)
            // Room again: the store works on.
            try await store.pool.writeWithoutTransaction { try $0.execute(sql: "PRAGMA max_page_count = 1000000") }
            #expect(try await store.accept(request, event: try Fixture.event(request)).entry != nil)
        }
    }

    @Test func aMissingDirectoryIsAnError() {
        #expect(throws: StoreError.self) { try SQLiteRequestStore(path: "/nonexistent/intake.sqlite") }
    }

    @Test func errorsNameNoValues() async throws {
        try await withSQLiteStore { store, _ in
            try await fill(store)
            let request = Fixture.newRequest(
                submission: Fixture.submission(name: "Secret Name", street: String(repeating: "Elm Street", count: 900))
            )
            do {
                _ = try await store.accept(request, event: try Fixture.event(request))
                Issue.record("accepted on a full disk")
            } catch {
                #expect(!"\(error)".contains("Secret") && !"\(error)".contains("Elm"))
            }
        }
    }

    /// Lets the file grow no more.
    private func fill(_ store: SQLiteRequestStore) async throws {
        try await store.pool.writeWithoutTransaction { database in
            let pages = try Int.fetchOne(database, sql: "PRAGMA page_count") ?? 1
            try database.execute(sql: "PRAGMA max_page_count = \(pages)")
        }
    }
}
