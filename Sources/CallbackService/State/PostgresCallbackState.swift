import Contracts
import Foundation
import PostgreSQL

/// The state in PostgreSQL, which callback services on any number of hosts share: in tables of its own, so that the
/// database may be that of IngestService's store.
///
/// A connection that is lost in a commit leaves open whether it is there. Each of these transactions may run twice
/// without a difference: so it is simply run again.
struct PostgresCallbackState: CallbackStateDatabase {
    typealias Failure = CallbackState.Failure

    private let threads: PostgresThreads
    private let limits: PostgresLimits
    private static let connections = 4

    /// Whatever the database's own default is: a callback is only told when all processes know of it for good.
    private static let durable = """
        SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit') = 'off';
        """

    /// Connects, and brings the tables up to date. Blocks: for start-up.
    /// - Throws: `Failure` when the server cannot be reached or written, or its tables are newer than this program.
    init(_ address: PostgresAddress, _ limits: PostgresLimits, forgetting limit: Date) throws(Failure) {
        do {
            try Self.migrations.run(on: PostgresConnection(address, PostgresMigrations.limits))
            _ = try Self.run(on: PostgresConnection(address, limits, set: Self.durable), tries: 1) {
                try $0.post("DELETE FROM callback_newest WHERE at < ?", [limit.sqlValue])
            }
        } catch { throw Failure(postgres: error) }
        self.limits = limits
        threads = PostgresThreads(count: Self.connections) {
            PostgresConnection(address, limits, set: Self.durable)
        }
    }

    /// Times are milliseconds since 1970. Text is compared by its bytes.
    private static let migrations = PostgresMigrations(
        table: "callback_schema_version", lock: 7_235_418_121,
        [
            """
            CREATE TABLE callback_newest (
                request TEXT COLLATE "C" NOT NULL PRIMARY KEY,
                sequence BIGINT NOT NULL,
                at BIGINT NOT NULL
            );
            CREATE INDEX callback_newest_at ON callback_newest (at);
            CREATE TABLE callback_told_degraded (
                recipient TEXT COLLATE "C" NOT NULL,
                provider TEXT COLLATE "C" NOT NULL,
                PRIMARY KEY (recipient, provider)
            );
            CREATE TABLE callback_pause (
                provider TEXT COLLATE "C" NOT NULL PRIMARY KEY,
                since BIGINT NOT NULL,
                paused_by TEXT COLLATE "C" NOT NULL,
                why TEXT COLLATE "C"
            );
            CREATE TABLE callback_secret (
                provider TEXT COLLATE "C" NOT NULL,
                secret TEXT COLLATE "C" NOT NULL,
                since BIGINT NOT NULL,
                rotated_by TEXT COLLATE "C" NOT NULL,
                overlap_end BIGINT NOT NULL,
                replaced TEXT COLLATE "C" NOT NULL,
                PRIMARY KEY (provider, secret)
            );
            """
        ])

    func take(
        _ sequence: Int, of request: RequestID, at now: Date, forgetting limit: Date
    ) async throws(Failure) -> KnownSequence {
        try await access { connection in
            let at = ContinuousClock.now
            // Waits for whoever takes the same request in hand at this moment: the greater number stays.
            try connection.post(
                """
                INSERT INTO callback_newest (request, sequence, at) VALUES (?, ?, ?) ON CONFLICT (request) DO UPDATE
                SET sequence = excluded.sequence, at = excluded.at
                WHERE callback_newest.sequence < excluded.sequence
                """, [.text(request.description), .integer(Int64(sequence)), now.sqlValue])
            try connection.post(
                """
                DELETE FROM callback_newest WHERE request IN
                    (SELECT request FROM callback_newest WHERE at < ? LIMIT 10 FOR UPDATE SKIP LOCKED)
                """, [limit.sqlValue])
            return KnownSequence(sequence: try Self.newest(request, connection) ?? sequence, at: at)
        }
    }

    func newest(of request: RequestID) async throws(Failure) -> KnownSequence {
        try await access { connection in
            let at = ContinuousClock.now
            return KnownSequence(sequence: try Self.newest(request, connection), at: at)
        }
    }

    private static func newest(_ request: RequestID, _ connection: PostgresConnection) throws -> Int? {
        let statement = "SELECT sequence FROM callback_newest WHERE request = ?"
        guard case .integer(let sequence) = try first(statement, [.text(request.description)], connection) else {
            return nil
        }
        return Int(clamping: sequence)
    }

    func rememberDegraded(_ provider: String, toldTo recipient: String) async throws(Failure) {
        try await access { connection in
            _ = try connection.post(
                "INSERT INTO callback_told_degraded (recipient, provider) VALUES (?, ?) ON CONFLICT DO NOTHING",
                [.text(recipient), .text(provider)])
        }
    }

    func isDegraded(_ provider: String, toldTo recipient: String) async throws(Failure) -> Bool {
        try await access { connection in
            let statement = "SELECT 1 FROM callback_told_degraded WHERE recipient = ? AND provider = ?"
            return try Self.first(statement, [.text(recipient), .text(provider)], connection) != nil
        }
    }

    func forgetDegraded(_ provider: String, toldTo recipient: String) async throws(Failure) {
        try await access { connection in
            _ = try connection.post(
                "DELETE FROM callback_told_degraded WHERE recipient = ? AND provider = ?",
                [.text(recipient), .text(provider)])
        }
    }

    func pauses() async throws(Failure) -> [CallbackPause] {
        try await access { connection in
            var pauses: [CallbackPause] = []
            try connection.forEachRow("SELECT provider, since, paused_by, why FROM callback_pause") { row in
                guard case .text(let provider) = row.value("provider"), case .integer(let since) = row.value("since"),
                    case .text(let by) = row.value("paused_by")
                else { throw PostgresError(detail: "callback_pause cannot be read") }
                var why: String?
                if case .text(let text) = row.value("why") { why = text }
                pauses.append(
                    CallbackPause(provider: provider, since: Date(clampingMilliseconds: since), by: by, why: why))
                return true
            }
            return pauses
        }
    }

    func pause(_ pause: CallbackPause) async throws(Failure) {
        try await access { connection in
            _ = try connection.post(
                """
                INSERT INTO callback_pause (provider, since, paused_by, why) VALUES (?, ?, ?, ?)
                ON CONFLICT DO NOTHING
                """,
                [
                    .text(pause.provider), pause.since.sqlValue, .text(pause.by),
                    pause.why.map(SQLValue.text) ?? .null,
                ])
        }
    }

    func resume(_ provider: String) async throws(Failure) {
        try await access { connection in
            _ = try connection.post("DELETE FROM callback_pause WHERE provider = ?", [.text(provider)])
        }
    }

    func rotations() async throws(Failure) -> [KeptSecret] {
        try await access { connection in
            var rotations: [KeptSecret] = []
            let statement = "SELECT provider, secret, since, rotated_by, overlap_end, replaced FROM callback_secret"
            try connection.forEachRow(statement) { row in
                guard case .text(let provider) = row.value("provider"), case .text(let secret) = row.value("secret"),
                    case .integer(let since) = row.value("since"), case .text(let by) = row.value("rotated_by"),
                    case .integer(let overlapEnd) = row.value("overlap_end"),
                    case .text(let replaced) = row.value("replaced")
                else { throw PostgresError(detail: "callback_secret cannot be read") }
                rotations.append(
                    KeptSecret(
                        provider: provider, secret: secret, since: Date(clampingMilliseconds: since), by: by,
                        overlapEnd: Date(clampingMilliseconds: overlapEnd), replaced: replaced))
                return true
            }
            return rotations
        }
    }

    func rotate(_ rotation: KeptSecret, forgetting ended: [KeptSecret]) async throws(Failure) {
        try await access { connection in
            for old in ended {
                try connection.post(
                    "DELETE FROM callback_secret WHERE provider = ? AND secret = ?",
                    [.text(old.provider), .text(old.secret)])
            }
            try connection.post(
                """
                INSERT INTO callback_secret (provider, secret, since, rotated_by, overlap_end, replaced)
                VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (provider, secret) DO UPDATE
                SET since = excluded.since, rotated_by = excluded.rotated_by, overlap_end = excluded.overlap_end,
                    replaced = excluded.replaced
                """,
                [
                    .text(rotation.provider), .text(rotation.secret), rotation.since.sqlValue, .text(rotation.by),
                    rotation.overlapEnd.sqlValue, .text(rotation.replaced),
                ])
        }
    }

    private static func first(
        _ sql: String, _ values: [SQLValue], _ connection: PostgresConnection
    ) throws -> SQLValue? {
        var first: SQLValue?
        try connection.forEachRow(sql, values) { row in
            first = row.first
            return false
        }
        return first
    }

    // MARK: Transactions

    /// Runs a transaction that makes no difference when it runs twice. While no server answers, who waited long enough
    /// for a connection already does not wait for the server as well: so all learn of it soon, however many ask.
    private func access<Result: Sendable>(
        _ body: @escaping @Sendable (PostgresConnection) throws -> Result
    ) async throws(Failure) -> Result {
        let deadline = ContinuousClock.now + limits.patience
        do {
            return try await withCheckedThrowingContinuation { continuation in
                threads.schedule { connection in
                    continuation.resume(
                        with: Swift.Result {
                            guard ContinuousClock.now < deadline else {
                                throw PostgresError(detail: "no connection became free in time")
                            }
                            return try Self.run(on: connection, tries: 3, body)
                        })
                }
            }
        } catch { throw Failure(postgres: error) }
    }

    private static func run<Result>(
        on connection: PostgresConnection, tries: Int, _ body: (PostgresConnection) throws -> Result
    ) throws -> Result {
        do {
            // What cannot be reached is not tried again at once.
            let isNew = try connection.open()
            do {
                try connection.begin("BEGIN ISOLATION LEVEL READ COMMITTED")
                let result = try body(connection)
                try connection.commit()
                return result
            } catch {
                connection.rollBack(error)
                let passes = (error as? PostgresError)?.isPassing == true
                guard tries > 1, passes, !(isNew && !connection.isOpen) else { throw error }
            }
        }
        return try run(on: connection, tries: tries - 1, body)
    }
}

extension Date {
    fileprivate var sqlValue: SQLValue { .integer(clampedMilliseconds) }
}

extension CallbackState.Failure {
    fileprivate init(postgres error: any Error) {
        switch error {
        case let error as CallbackState.Failure: self = error
        case let error as PostgresError: self.init(detail: error.detail)
        default: self.init(detail: "\(type(of: error))")
        }
    }
}
