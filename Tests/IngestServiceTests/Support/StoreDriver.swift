import Foundation
import GRDB
import Testing

@testable import IngestService

/// The databases that a `RequestStore` can stand on. What the conformance suite asks, it asks of each.
enum StoreDriver: CaseIterable, CustomTestStringConvertible {
    case sqlite

    var testDescription: String {
        switch self {
        case .sqlite: "SQLite"
        }
    }

    /// Runs a test on an empty store of its own.
    /// - Parameter now: the store's clock; it stands still at the fixtures' time unless a test moves it.
    func withStore<Result>(
        now: @escaping @Sendable () -> Date = { Fixture.now }, _ body: (RequestStore) async throws -> Result
    ) async throws -> Result {
        switch self {
        case .sqlite: try await withSQLiteStore(now: now) { store, _ in try await body(store) }
        }
    }
}

/// Runs a test on an empty SQLite store of its own; `path` is where it is.
func withSQLiteStore<Result>(
    now: @escaping @Sendable () -> Date = { Fixture.now }, busyTimeout: Duration = .seconds(5),
    _ body: (_ store: RequestStore, _ path: String) async throws -> Result
) async throws -> Result {
    let directory = FileManager.default.temporaryDirectory.appendingPathComponent("intake-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
    defer {
        // What stays behind is a temporary file.
        try? FileManager.default.removeItem(at: directory)
    }
    let path = directory.appendingPathComponent("intake.sqlite").path
    return try await body(try sqliteStore(path, busyTimeout: busyTimeout, now: now), path)
}

/// A store on a SQLite file.
func sqliteStore(
    _ path: String, busyTimeout: Duration = .seconds(5), now: @escaping @Sendable () -> Date = { Date() }
) throws(StoreError) -> RequestStore {
    RequestStore(database: try SQLiteDatabase(path: path, busyTimeout: busyTimeout), now: now)
}

extension RequestStore {
    /// Of a store on a SQLite file.
    var pool: DatabasePool {
        guard let database = database as? SQLiteDatabase else { preconditionFailure("no SQLite") }
        return database.pool
    }
}

/// A connection as another process has one, whose transactions may stay open as long as a test wants.
func otherConnection(_ path: String) throws -> DatabaseQueue {
    var configuration = Configuration()
    configuration.allowsUnsafeTransactions = true
    return try DatabaseQueue(path: path, configuration: configuration)
}
