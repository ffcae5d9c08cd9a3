import Contracts
import Foundation
import GRDB

/// The state in a file, which the processes on one host can share.
struct SQLiteCallbackState: CallbackStateDatabase {
    typealias Failure = CallbackState.Failure

    private let database: DatabaseQueue

    /// Opens the file, or makes it, readable by its owner alone. Blocks: for start-up.
    /// - Throws: `Failure` when the file cannot be opened or written, or is no database.
    init(path: String, forgetting limit: Date) throws(Failure) {
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
            try database.write {
                try $0.execute(sql: "DELETE FROM newest WHERE at < ?", arguments: [limit.timeIntervalSince1970])
            }
        } catch {
            throw Failure(sqlite: error)
        }
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

    func take(
        _ sequence: Int, of request: RequestID, at now: Date, forgetting limit: Date
    ) async throws(Failure) -> KnownSequence {
        try await access { database in
            let at = ContinuousClock.now
            let known = try Self.newest(request, database)
            if let known, known >= sequence { return KnownSequence(sequence: known, at: at) }
            try database.inTransaction(.immediate) {
                // Another process on the file may have been quicker: the greater number stays.
                try database.cachedStatement(
                    sql: """
                        INSERT INTO newest VALUES (?, ?, ?) ON CONFLICT (request) DO UPDATE
                        SET sequence = max(sequence, excluded.sequence), at = excluded.at
                        """
                ).execute(arguments: [request.description, sequence, now.timeIntervalSince1970])
                try database.cachedStatement(
                    sql: "DELETE FROM newest WHERE request IN (SELECT request FROM newest WHERE at < ? LIMIT 10)"
                ).execute(arguments: [limit.timeIntervalSince1970])
                return .commit
            }
            return KnownSequence(sequence: try Self.newest(request, database) ?? sequence, at: at)
        }
    }

    func newest(of request: RequestID) async throws(Failure) -> KnownSequence {
        try await access { database in
            let at = ContinuousClock.now
            return KnownSequence(sequence: try Self.newest(request, database), at: at)
        }
    }

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

    func pauses() async throws(Failure) -> [CallbackPause] {
        try await access { database in
            try Row.fetchAll(database, sql: "SELECT provider, since, by, why FROM pause").map { row in
                CallbackPause(
                    provider: row["provider"], since: Date(timeIntervalSince1970: row["since"]), by: row["by"],
                    why: row["why"])
            }
        }
    }

    func pause(_ pause: CallbackPause) async throws(Failure) {
        try await access { database in
            try database.execute(
                sql: "INSERT INTO pause (provider, since, by, why) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING",
                arguments: [pause.provider, pause.since.timeIntervalSince1970, pause.by, pause.why])
        }
    }

    func resume(_ provider: String) async throws(Failure) {
        try await access { database in
            try database.execute(sql: "DELETE FROM pause WHERE provider = ?", arguments: [provider])
        }
    }

    func rotations() async throws(Failure) -> [KeptSecret] {
        try await access { database in
            try Row.fetchAll(
                database, sql: "SELECT provider, secret, since, by, overlap_end, replaced FROM secret"
            ).map { row in
                KeptSecret(
                    provider: row["provider"], secret: row["secret"],
                    since: Date(timeIntervalSince1970: row["since"]), by: row["by"],
                    overlapEnd: Date(timeIntervalSince1970: row["overlap_end"]), replaced: row["replaced"])
            }
        }
    }

    func rotate(_ rotation: KeptSecret, forgetting ended: [KeptSecret]) async throws(Failure) {
        try await access { database in
            try database.inTransaction(.immediate) {
                for old in ended {
                    try database.execute(
                        sql: "DELETE FROM secret WHERE provider = ? AND secret = ?",
                        arguments: [old.provider, old.secret])
                }
                try database.execute(
                    sql: """
                        INSERT INTO secret (provider, secret, since, by, overlap_end, replaced)
                        VALUES (?, ?, ?, ?, ?, ?)
                        ON CONFLICT (provider, secret) DO UPDATE
                        SET since = excluded.since, by = excluded.by, overlap_end = excluded.overlap_end,
                            replaced = excluded.replaced
                        """,
                    arguments: [
                        rotation.provider, rotation.secret, rotation.since.timeIntervalSince1970, rotation.by,
                        rotation.overlapEnd.timeIntervalSince1970, rotation.replaced,
                    ])
                return .commit
            }
        }
    }

    private static func newest(_ request: RequestID, _ database: Database) throws -> Int? {
        try Int.fetchOne(
            database.cachedStatement(sql: "SELECT sequence FROM newest WHERE request = ?"),
            arguments: [request.description])
    }

    private func access<Result: Sendable>(
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
            throw Failure(sqlite: error)
        }
    }
}

extension CallbackState.Failure {
    fileprivate init(sqlite error: any Error) {
        switch error {
        case let error as CallbackState.Failure: self = error
        case let error as DatabaseError:
            self.init(detail: "SQLite \(error.extendedResultCode.rawValue) \(error.message ?? "")")
        default: self.init(detail: "\(type(of: error))")
        }
    }
}
