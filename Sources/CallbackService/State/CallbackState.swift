import Contracts
import Foundation
import GRDB

/// What the service keeps on disk: whose callbacks are paused, which signing secrets took the place of the file's, and
/// which of the things that a partner is told about a request is the newest that was taken in hand: what is older is
/// out of date, and is told no more.
///
/// Beside it: who was told that which partner's endpoint is degraded, and is to be told of the end of it.
///
/// Only requests with more than the answer to tell have a row. It is kept for longer than any message waits in the
/// retry queues. Processes on one host can share the file; on several hosts each knows only what it has handled itself.
struct CallbackState: Sendable {
    /// How long a row is kept: twice as long as all of the schedule's waits together take.
    static let lifetime = Duration.seconds(7 * 24 * 3600)

    let database: DatabaseQueue
    private let now: @Sendable () -> Date

    /// Opens the file, or makes it, readable by its owner alone. Blocks: for start-up.
    /// - Throws: `Failure` when the file cannot be opened or written, or is no database.
    init(path: String, now: @escaping @Sendable () -> Date = { Date() }) throws(Failure) {
        do {
            // SQLite gives its side files the permissions of the main one.
            let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, S_IRUSR | S_IWUSR)
            guard descriptor >= 0 else { throw Failure(detail: String(cString: strerror(errno))) }
            close(descriptor)
            var configuration = Configuration()
            configuration.label = "callback-state"
            configuration.journalMode = .wal
            configuration.busyMode = .timeout(5)
            database = try DatabaseQueue(path: path, configuration: configuration)
            // Not what GRDB sets for WAL: with NORMAL a power cut takes the last commits with it.
            try database.writeWithoutTransaction { try $0.execute(sql: "PRAGMA synchronous = FULL") }
            let isNewer = try database.read(Self.migrator.hasBeenSuperseded)
            guard !isNewer else { throw Failure(detail: "its schema is newer than this program") }
            try Self.migrator.migrate(database)
            let limit = now().timeIntervalSince1970 - Self.lifetime / .seconds(1)
            try database.write { try $0.execute(sql: "DELETE FROM newest WHERE at < ?", arguments: [limit]) }
        } catch {
            throw Failure(error)
        }
        self.now = now
    }

    private static var migrator: DatabaseMigrator {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("1") { database in
            try database.execute(
                sql: """
                    CREATE TABLE newest (
                        request TEXT NOT NULL PRIMARY KEY,
                        sequence INTEGER NOT NULL,
                        at REAL NOT NULL
                    ) STRICT, WITHOUT ROWID;
                    CREATE INDEX newest_at ON newest (at);
                    """)
        }
        migrator.registerMigration("2") { database in
            try database.execute(
                sql: """
                    CREATE TABLE told_degraded (
                        recipient TEXT NOT NULL,
                        provider TEXT NOT NULL,
                        PRIMARY KEY (recipient, provider)
                    ) STRICT, WITHOUT ROWID
                    """)
        }
        migrator.registerMigration("2 pauses") { database in
            try database.execute(
                sql: """
                    CREATE TABLE pause (
                        provider TEXT NOT NULL PRIMARY KEY,
                        since REAL NOT NULL,
                        by TEXT NOT NULL,
                        why TEXT
                    ) STRICT, WITHOUT ROWID
                    """)
        }
        migrator.registerMigration("3 secrets") { database in
            try database.execute(
                sql: """
                    CREATE TABLE secret (
                        provider TEXT NOT NULL,
                        secret TEXT NOT NULL,
                        since REAL NOT NULL,
                        by TEXT NOT NULL,
                        overlap_end REAL NOT NULL,
                        replaced TEXT NOT NULL,
                        PRIMARY KEY (provider, secret)
                    ) STRICT, WITHOUT ROWID
                    """)
        }
        return migrator
    }

    /// Takes something in hand: when it returns what was given, that is durably the newest.
    /// - Returns: the newest there is; more than `sequence` when that one is out of date.
    func take(_ sequence: Int, of request: RequestID) async throws(Failure) -> Int {
        let now = now().timeIntervalSince1970
        let limit = now - Self.lifetime / .seconds(1)
        return try await access { database in
            let known = try Self.newest(request, database)
            if let known, known >= sequence { return known }
            try database.inTransaction(.immediate) {
                // Another process on the file may have been quicker: the greater number stays.
                try database.cachedStatement(
                    sql: """
                        INSERT INTO newest VALUES (?, ?, ?) ON CONFLICT (request) DO UPDATE
                        SET sequence = max(sequence, excluded.sequence), at = excluded.at
                        """
                ).execute(arguments: [request.description, sequence, now])
                // A few at a time, so that nothing has to come by for it and no callback waits for it.
                try database.cachedStatement(
                    sql: "DELETE FROM newest WHERE request IN (SELECT request FROM newest WHERE at < ? LIMIT 10)"
                ).execute(arguments: [limit])
                return .commit
            }
            return try Self.newest(request, database) ?? sequence
        }
    }

    /// - Returns: `nil` when nothing but the answer was taken in hand.
    func newest(of request: RequestID) async throws(Failure) -> Int? {
        try await access { try Self.newest(request, $0) }
    }

    // MARK: Whom to tell of the end of trouble

    /// Somebody is told that a partner's endpoint is degraded.
    func rememberDegraded(_ provider: String, toldTo recipient: String) async throws(Failure) {
        try await access {
            try $0.execute(
                sql: "INSERT OR IGNORE INTO told_degraded VALUES (?, ?)", arguments: [recipient, provider])
        }
    }

    func isDegraded(_ provider: String, toldTo recipient: String) async throws(Failure) -> Bool {
        try await access {
            try Bool.fetchOne(
                $0, sql: "SELECT EXISTS (SELECT * FROM told_degraded WHERE recipient = ? AND provider = ?)",
                arguments: [recipient, provider]) ?? false
        }
    }

    func forgetDegraded(_ provider: String, toldTo recipient: String) async throws(Failure) {
        try await access {
            try $0.execute(
                sql: "DELETE FROM told_degraded WHERE recipient = ? AND provider = ?", arguments: [recipient, provider])
        }
    }

    private static func newest(_ request: RequestID, _ database: Database) throws -> Int? {
        try Int.fetchOne(
            database.cachedStatement(sql: "SELECT sequence FROM newest WHERE request = ?"),
            arguments: [request.description])
    }

    func access<Result: Sendable>(
        _ body: @escaping @Sendable (Database) throws -> Result
    ) async throws(Failure) -> Result {
        do {
            return try await withCheckedThrowingContinuation { continuation in
                // GRDB's queue is a thread of its own, so that waiting for the disk blocks no task. Not its own async
                // call: a task that is cancelled in the middle would leave open whether the row is there.
                database.asyncWriteWithoutTransaction { database in
                    continuation.resume(with: Swift.Result { try body(database) })
                }
            }
        } catch {
            throw Failure(error)
        }
    }

    /// The file could not be used.
    struct Failure: Error, Sendable, Equatable, CustomStringConvertible {
        /// Names codes and columns, never values.
        var detail: String

        init(detail: String) { self.detail = detail }

        init(_ error: any Error) {
            switch error {
            case let error as Failure: self = error
            case let error as DatabaseError:
                detail = "SQLite \(error.extendedResultCode.rawValue) \(error.message ?? "")"
            default: detail = "\(type(of: error))"
            }
        }

        var description: String { detail }
    }
}
