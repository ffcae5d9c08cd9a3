/// What `GroupCommit` asks of a database: one connection that writes, and transactions on it.
protocol TransactionRunner<Connection>: Sendable {
    associatedtype Connection

    /// Calls `body` with the writing connection, outside any transaction, on a thread that may block. Returns at once.
    /// Bodies run one after another.
    func schedule(_ body: @escaping @Sendable (Connection) -> Void)

    /// Calls `body` when that much time has passed. Returns at once.
    func wait(_ time: Duration, then body: @escaping @Sendable () -> Void)

    /// Runs `body` in a transaction that is durable when this returns, and rolled back when it throws.
    /// - Throws: what `body` threw, or why the transaction could not begin or commit. When it could not begin, `body`
    ///   was not called.
    func transaction(on connection: Connection, _ body: () throws -> Void) throws
}
