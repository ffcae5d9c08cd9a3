import Contracts
import Foundation
import PostgreSQL

/// PostgreSQL, for more than one machine: one connection that writes, through `GroupCommit`, and a few that read.
struct PostgresDatabase: StoreDatabase {
    private let writer: PostgresWriter
    private let commits: GroupCommit<PostgresWriter>
    private let readers: PostgresThreads
    private static let readerCount = 4

    let dialect = StoreDialect.postgres

    /// Connects, and brings the schema up to date. Blocks: for start-up.
    /// - Parameters:
    ///   - batchLimit: how many writes one transaction holds at most.
    ///   - observe: is told of each committed transaction.
    /// - Throws: `StoreError` when the server cannot be reached or written, or has a schema that this version does not
    ///   know.
    init(
        _ address: PostgresAddress, batchLimit: Int = 512, limits: PostgresLimits = PostgresLimits(),
        observe: @escaping @Sendable (_ writes: Int, _ took: Duration) -> Void = { _, _ in }
    ) throws(StoreError) {
        do {
            try PostgresSchema.migrate(PostgresConnection(address, PostgresSchema.limits))
        } catch { throw StoreError(postgres: error) }
        let identity = UUID().canonical
        writer = PostgresWriter(address, limits, identity: identity)
        commits = GroupCommit(runner: writer, limit: batchLimit, observe: observe)
        readers = PostgresThreads(count: Self.readerCount) {
            PostgresConnection(address, .reading, set: PostgresWriter.naming(identity))
        }
    }

    /// A read that finds its connection lost begins again on a new one.
    func read<Result: Sendable>(
        _ body: @escaping @Sendable (any StoreConnection) throws -> Result
    ) async throws(StoreError) -> Result {
        do {
            return try await withCheckedThrowingContinuation { continuation in
                readers.schedule { connection in
                    continuation.resume(with: Swift.Result { try Self.read(connection, tries: 2, body) })
                }
            }
        } catch { throw StoreError(postgres: error) }
    }

    private static func read<Result>(
        _ connection: PostgresConnection, tries: Int, _ body: (any StoreConnection) throws -> Result
    ) throws -> Result {
        do {
            _ = try connection.open()
            try connection.begin("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
            let result = try body(connection)
            try connection.endReading()
            return result
        } catch {
            connection.rollBack(error)
            guard tries > 1, (error as? PostgresError)?.isPassing == true else { throw error }
            return try read(connection, tries: tries - 1, body)
        }
    }

    func write<Begun, Result: Sendable>(
        isPatient: Bool, looksOnly: Bool, begin: @escaping @Sendable (any StoreConnection) throws -> Begun,
        _ body: @escaping @Sendable (any StoreConnection, Begun) throws -> Result,
        committed: @escaping @Sendable (Result) -> Void
    ) async throws(StoreError) -> Result {
        do {
            return try await commits.run(
                isPatient: isPatient, looksOnly: looksOnly, begin: { try begin($0) }, { try body($0, $1) },
                committed: committed)
        } catch { throw StoreError(postgres: error) }
    }

    /// What is erased stays in old versions of its rows until they are cleared away, which is not done for what a
    /// transaction that began before may still look at. The server's log, what is archived of it and replicas keep
    /// it until they are overwritten: that is for who runs the server.
    func truncateLog() async throws(StoreError) -> Bool {
        let start: Int64? = try await read {
            try $0.value("SELECT (extract(epoch FROM clock_timestamp()) * 1000)::bigint")
        }
        for _ in 0..<20 {
            let before: Int? = try await read {
                try $0.value(
                    """
                    SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()
                        AND backend_type = 'client backend' AND pid <> pg_backend_pid()
                        AND (extract(epoch FROM xact_start) * 1000)::bigint < ?
                    """, [start])
            }
            if before == 0 { return try await clear() }
            // Cancelled while somebody still reads: then it is pending, as after the last look.
            guard (try? await Task.sleep(for: .milliseconds(100))) != nil else { return false }
        }
        return false
    }

    private func clear() async throws(StoreError) -> Bool {
        do {
            return try await withCheckedThrowingContinuation { continuation in
                readers.schedule { connection in
                    continuation.resume(
                        with: Swift.Result {
                            _ = try connection.open()
                            // Its own limit, since a large table takes long; the connection is not used again.
                            defer { connection.close() }
                            try connection.runAlone("SET statement_timeout = 0", longest: .seconds(10))
                            try connection.runAlone(
                                """
                                VACUUM person, request, timeline, outbox, dead_letter, desk_entry, correction,
                                    search_word
                                """,
                                longest: .seconds(600))
                            return true
                        })
                }
            }
        } catch { throw StoreError(postgres: error) }
    }
}
