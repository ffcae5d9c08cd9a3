import Foundation
import PostgreSQL
import Synchronization
import TestSupport
import Testing

@testable import CallbackService

/// The databases that a `CallbackState` can stand on. What the conformance suite asks, it asks of each.
enum StateDriver: CaseIterable, CustomTestStringConvertible {
    case sqlite
    case postgres

    static var allCases: [StateDriver] { PostgresServer.isInstalled ? [.sqlite, .postgres] : [.sqlite] }

    var testDescription: String {
        switch self {
        case .sqlite: "SQLite"
        case .postgres: "PostgreSQL"
        }
    }

    /// Where states are that share what they keep.
    enum Place: Sendable {
        case file(String)
        case server(String)

        /// A state as one more process has it.
        func state(
            now: @escaping @Sendable () -> Date = { Date() }, limits: PostgresLimits = PostgresLimits()
        ) async throws -> CallbackState {
            switch self {
            case .file(let path): return try CallbackState(path: path, now: now)
            case .server(let url):
                let address = try #require(PostgresAddress(url))
                return try await withCheckedThrowingContinuation { continuation in
                    Thread.detachNewThread {
                        continuation.resume(
                            with: Result { try CallbackState(address, limits: limits, now: now) })
                    }
                }
            }
        }

        /// Takes away what the state writes into.
        func breakState() async throws {
            switch self {
            case .file(let path): try SQLiteFile(path).execute("DROP TABLE newest")
            case .server(let url):
                try await PostgresServer.shared().run("DROP TABLE callback_newest", in: try Self.database(url))
            }
        }

        /// Makes it look like one that a newer program has changed.
        func makeNewer() async throws {
            switch self {
            case .file(let path):
                try SQLiteFile(path).execute("INSERT INTO grdb_migrations (identifier) VALUES ('99')")
            case .server(let url):
                try await PostgresServer.shared().run(
                    "INSERT INTO callback_schema_version VALUES (99, now())", in: try Self.database(url))
            }
        }

        static func database(_ url: String) throws -> String {
            String(try #require(url.split(separator: "?").first?.split(separator: "/").last))
        }
    }

    private static let count = Atomic(0)

    /// Runs a test on a place of its own, where nothing is yet.
    func withPlace(_ body: (Place) async throws -> Void) async throws {
        switch self {
        case .sqlite: try await body(.file("\(try TestDirectory.make("state"))/state.sqlite"))
        case .postgres:
            let server = try await PostgresServer.shared()
            let name = "callback_\(Self.count.add(1, ordering: .relaxed).newValue)"
            try await server.run("CREATE DATABASE \(name)")
            let result: Result<Void, any Error>
            do { result = .success(try await body(.server(server.url(name)))) } catch { result = .failure(error) }
            try await server.run("DROP DATABASE \(name) WITH (FORCE)")
            try result.get()
        }
    }
}
