import Foundation
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
    func withStore<Result>(_ body: (any RequestStore) async throws -> Result) async throws -> Result {
        switch self {
        case .sqlite: try await withSQLiteStore { store, _ in try await body(store) }
        }
    }
}

/// Runs a test on an empty SQLite store of its own; `path` is where it is.
func withSQLiteStore<Result>(
    _ body: (_ store: SQLiteRequestStore, _ path: String) async throws -> Result
) async throws -> Result {
    let directory = FileManager.default.temporaryDirectory.appendingPathComponent("intake-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
    defer {
        // What stays behind is a temporary file.
        try? FileManager.default.removeItem(at: directory)
    }
    let path = directory.appendingPathComponent("intake.sqlite").path
    return try await body(try SQLiteRequestStore(path: path), path)
}
