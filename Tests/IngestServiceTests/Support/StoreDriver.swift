import Foundation
import GRDB
import PostgreSQL
import Synchronization
import TestSupport
import Testing

@testable import IngestService

/// The databases that a `RequestStore` can stand on. What the conformance suite asks, it asks of each.
enum StoreDriver: CaseIterable, CustomTestStringConvertible {
    case sqlite
    case postgres

    static var allCases: [StoreDriver] { PostgresServer.isInstalled ? [.sqlite, .postgres] : [.sqlite] }

    var testDescription: String {
        switch self {
        case .sqlite: "SQLite"
        case .postgres: "PostgreSQL"
        }
    }

    /// Runs a test on an empty store of its own.
    /// - Parameter now: the store's clock; it stands still at the fixtures' time unless a test moves it.
    func withStore<Result>(
        now: @escaping @Sendable () -> Date = { Fixture.now }, _ body: (RequestStore) async throws -> Result
    ) async throws -> Result {
        switch self {
        case .sqlite: try await withSQLiteStore(now: now) { store, _ in try await body(store) }
        case .postgres: try await withPostgresStore(now: now) { store, _ in try await body(store) }
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
    var pool: DatabasePool { sqlite.pool }

    func end() throws { try sqlite.end() }

    private var sqlite: SQLiteDatabase {
        guard let database = database as? SQLiteDatabase else { preconditionFailure("no SQLite") }
        return database
    }
}

/// A connection as another process has one, whose transactions may stay open as long as a test wants.
func otherConnection(_ path: String) throws -> DatabaseQueue {
    var configuration = Configuration()
    configuration.allowsUnsafeTransactions = true
    return try DatabaseQueue(path: path, configuration: configuration)
}

/// Runs a test on an empty PostgreSQL store of its own; `url` is where it is.
func withPostgresStore<Result>(
    now: @escaping @Sendable () -> Date = { Fixture.now }, limits: PostgresLimits = PostgresLimits(),
    _ body: (_ store: RequestStore, _ url: String) async throws -> Result
) async throws -> Result {
    let server = try await PostgresServer.shared()
    let name = try await PostgresTemplate.copy(on: server)
    let url = server.url(name)
    let result: Swift.Result<Result, any Error>
    do { result = .success(try await body(try await postgresStore(url, limits: limits, now: now), url)) } catch {
        result = .failure(error)
    }
    try await server.run("DROP DATABASE \(name) WITH (FORCE)")
    return try result.get()
}

/// A store on a PostgreSQL database.
func postgresStore(
    _ url: String, limits: PostgresLimits = PostgresLimits(), now: @escaping @Sendable () -> Date = { Date() }
) async throws -> RequestStore {
    guard let address = PostgresAddress(url) else { throw StoreError(code: .unavailable, detail: "no URL") }
    return try await onThread { RequestStore(database: try PostgresDatabase(address, limits: limits), now: now) }
}

/// Runs what blocks.
func onThread<Result: Sendable>(_ body: @escaping @Sendable () throws -> Result) async throws -> Result {
    try await withCheckedThrowingContinuation { continuation in
        Thread.detachNewThread { continuation.resume(with: Swift.Result { try body() }) }
    }
}

/// A database with the newest schema, of which copies are made: that is quicker than to make it anew.
private enum PostgresTemplate {
    private static let made = Task {
        let server = try await PostgresServer.shared()
        try await server.run("CREATE DATABASE template_intake")
        let url = server.url("template_intake")
        try await onThread {
            guard let address = PostgresAddress(url) else { throw StoreError(code: .unavailable, detail: "no URL") }
            try PostgresSchema.migrate(PostgresConnection(address, PostgresSchema.limits))
        }
    }

    private static let count = Atomic(0)

    static func copy(on server: PostgresServer) async throws -> String {
        try await made.value
        let name = "intake_\(count.add(1, ordering: .relaxed).newValue)"
        try await server.run("CREATE DATABASE \(name) TEMPLATE template_intake")
        return name
    }
}
