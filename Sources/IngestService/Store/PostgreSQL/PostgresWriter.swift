import Dispatch
import Foundation
import PostgreSQL
import Synchronization

/// The one connection that writes: how its transactions begin, commit, and what is made of a commit whose answer was
/// lost.
///
/// Each of them writes its number into the process's row in `writer`, first of all. A new connection writes the next
/// number there before anything else, and learns which one was there: so it knows whether the last commit is, and one
/// that is still on its way comes too late, since its number does not follow any more. That holds on a replica that has
/// taken over, too, where the server's own numbers of transactions say nothing.
struct PostgresWriter: TransactionRunner {
    let thread: PostgresThreads
    let identity: String
    let limits: PostgresLimits
    /// The number of the last transaction that is known to be there; 0 before the first connection.
    private let last = LastNumber()

    private final class LastNumber: Sendable { let value = Mutex<Int64>(0) }

    init(_ address: PostgresAddress, _ limits: PostgresLimits, identity: String) {
        self.limits = limits
        self.identity = identity
        let set = """
            \(Self.naming(identity))
            SET plan_cache_mode = force_generic_plan;
            SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit') = 'off';
            """
        thread = PostgresThreads(count: 1) { PostgresConnection(address, limits, set: set) }
    }

    /// Any number that means what processes hold as long as they are there.
    private static let presence = 7_235_418

    /// A condition on a row of `writer`: that its process was heard of within so many milliseconds.
    static func isHeard(within milliseconds: String) -> String {
        "seen_at > (extract(epoch FROM clock_timestamp()) * 1000)::bigint - \(milliseconds)"
    }

    /// A condition on a row of `writer`: that its process has a connection.
    static let isConnected = """
        EXISTS (SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND classid = \(presence)
            AND objid::bigint = (hashtext(identity)::bigint & 4294967295))
        """

    /// Tells a connection whose it is: what it writes into the outbox is this process's.
    static func naming(_ identity: String) -> String { "SET intake.writer = '\(identity)';" }

    func schedule(_ body: @escaping @Sendable (PostgresWriting) -> Void) {
        thread.schedule { body(PostgresWriting($0)) }
    }

    func wait(_ time: Duration, then body: @escaping @Sendable () -> Void) {
        DispatchQueue.global().asyncAfter(deadline: .now() + time / .seconds(1), execute: body)
    }

    func passes(_ error: any Error) -> Bool { (error as? PostgresError)?.isPassing == true }

    /// A commit that fails for its own sake is not sent again.
    func isOfStatement(_ error: any Error) -> Bool { error is PostgresError }

    func transaction(on writing: PostgresWriting, _ body: () throws -> Void) throws {
        let connection = writing.connection
        try open(connection, within: limits.patience)
        let number = last.value.withLock { $0 } + 1
        do {
            try writing.begin()
            try connection.execute(
                """
                UPDATE writer SET number = CASE WHEN number = ?2 - 1 THEN ?2 END,
                    seen_at = (extract(epoch FROM clock_timestamp()) * 1000)::bigint WHERE identity = ?1
                """, [identity, number])
            try body()
        } catch {
            connection.rollBack(error)
            throw error
        }
        do {
            try writing.commit()
            last.value.withLock { $0 = number }
        } catch {
            connection.rollBack(error)
            guard (error as? PostgresError)?.leavesOpen == true else { throw error }
            guard try isThere(number, connection) else { throw error }
            writing.isCommitted = true
        }
    }

    /// Whether a transaction is there whose answer was lost.
    /// - Throws: when that is not known.
    private func isThere(_ number: Int64, _ connection: PostgresConnection) throws -> Bool {
        do {
            return try open(connection, within: limits.resolution) == number
        } catch {
            throw StoreError(code: .uncertain, detail: StoreError(postgres: error).detail)
        }
    }

    /// Opens the connection unless it is open.
    /// - Returns: the number that the last transaction left, for a new connection.
    @discardableResult
    private func open(_ connection: PostgresConnection, within patience: Duration) throws -> Int64? {
        let deadline = ContinuousClock.now + patience
        while true {
            do {
                guard try connection.open() else { return nil }
                let found = try takeOver(connection)
                last.value.withLock { $0 = found + 1 }
                return found
            } catch {
                connection.close()
                guard ContinuousClock.now < deadline else { throw error }
                usleep(200_000)
            }
        }
    }

    /// Writes the next number, behind whatever the connection before this one still has under way.
    private func takeOver(_ connection: PostgresConnection) throws -> Int64 {
        try connection.begin("BEGIN")
        let found: Int64? = try connection.value(
            """
            INSERT INTO writer (identity, number, seen_at)
            VALUES (?, 1, (extract(epoch FROM clock_timestamp()) * 1000)::bigint)
            ON CONFLICT (identity) DO UPDATE SET number = writer.number + 1, seen_at = excluded.seen_at
            RETURNING number - 1
            """, [identity])
        // As long as the connection lasts: whoever looks sees that the process is there.
        try connection.execute("SELECT pg_advisory_lock_shared(\(Self.presence), hashtext(?))", [identity])
        try connection.commit()
        guard let found else { throw PostgresError(detail: "writer has no row") }
        return found
    }
}
