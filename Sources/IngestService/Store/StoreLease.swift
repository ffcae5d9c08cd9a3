import Contracts
import Synchronization

/// Work that one of several processes on a database does: whoever has the lease, as long as it renews it. Where only
/// one process writes, that one has it.
final class StoreLease: Sendable {
    private let store: RequestStore
    private let name: String
    private let duration: Duration
    /// When it is to be renewed.
    private let renewal = Mutex(ContinuousClock.now)

    /// - Parameter duration: for how long nobody else may have it; renewed when half of it is over.
    init(_ name: String, of store: RequestStore, duration: Duration = .seconds(60)) {
        self.name = name
        self.store = store
        self.duration = duration
    }

    /// Whether this process may do the work now.
    func isHeld() async throws(StoreError) -> Bool {
        guard store.database.dialect.hasWriters else { return true }
        let now = ContinuousClock.now
        if now < renewal.withLock({ $0 }) { return true }
        guard try await store.takeLease(name, for: duration) else { return false }
        renewal.withLock { $0 = now + duration / 2 }
        return true
    }
}

extension RequestStore {
    fileprivate func takeLease(_ name: String, for duration: Duration) async throws(StoreError) -> Bool {
        try await write { transaction in
            let time = "(extract(epoch FROM clock_timestamp()) * 1000)::bigint"
            return try transaction.changes(
                """
                INSERT INTO lease (name, writer, until) VALUES (?1, current_setting('intake.writer'), \(time) + ?2)
                ON CONFLICT (name) DO UPDATE SET writer = excluded.writer, until = excluded.until
                WHERE lease.writer = excluded.writer OR lease.until < \(time)
                """, [name, duration.wholeMilliseconds]) > 0
        }
    }
}

extension Duration {
    var wholeMilliseconds: Int { Int(clamping: self / .milliseconds(1)) }
}
