import Dispatch
import GRDB

/// The one connection of a database pool that writes.
struct SQLiteWriter: TransactionRunner {
    let pool: DatabasePool

    /// GRDB's queue for the writer runs on a thread of its own, so that waiting for the disk blocks no task.
    func schedule(_ body: @escaping @Sendable (Database) -> Void) {
        pool.asyncWriteWithoutTransaction(body)
    }

    func wait(_ time: Duration, then body: @escaping @Sendable () -> Void) {
        DispatchQueue.global().asyncAfter(deadline: .now() + time / .seconds(1), execute: body)
    }

    /// Takes the write lock at the start, so that another process on the same file makes it wait instead of fail.
    func transaction(on connection: Database, _ body: () throws -> Void) throws {
        try connection.inTransaction(.immediate) {
            try body()
            return .commit
        }
    }
}
