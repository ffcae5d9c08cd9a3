import Foundation
import GRDB
import Testing

@testable import IngestService

/// The implementations of `RequestStore`. What the conformance suite asks, it asks of each.
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
        now: @escaping @Sendable () -> Date = { Fixture.now }, _ body: (any RequestStore) async throws -> Result
    ) async throws -> Result {
        switch self {
        case .sqlite: try await withSQLiteStore(now: now) { store, _ in try await body(store) }
        }
    }
}

/// Runs a test on an empty SQLite store of its own; `path` is where it is.
func withSQLiteStore<Result>(
    now: @escaping @Sendable () -> Date = { Fixture.now }, busyTimeout: Duration = .seconds(5),
    _ body: (_ store: SQLiteRequestStore, _ path: String) async throws -> Result
) async throws -> Result {
    let directory = FileManager.default.temporaryDirectory.appendingPathComponent("intake-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
    defer {
        // What stays behind is a temporary file.
        try? FileManager.default.removeItem(at: directory)
    }
    let path = directory.appendingPathComponent("intake.sqlite").path
    return try await body(try SQLiteRequestStore(path: path, busyTimeout: busyTimeout, now: now), path)
}

/// A connection as another process has one, whose transactions may stay open as long as a test wants.
func otherConnection(_ path: String) throws -> DatabaseQueue {
    var configuration = Configuration()
    configuration.allowsUnsafeTransactions = true
    return try DatabaseQueue(path: path, configuration: configuration)
}
