import struct Foundation.Date

extension RequestStore {
    /// What a check of writability takes and gives back, bytes: more than any request needs.
    private static let room = 64 * 1024

    /// Writes something small, to find out whether writing works. Takes as much room as a request needs at most before
    /// it gives the last check's back: a page that is there already can be written on a disk that is full. So it fails
    /// before requests do, which find the room that it gave back.
    func checkWritable() async throws(StoreError) {
        let now = now()
        try await write { transaction in
            let key = transaction.dialect.rowNumber
            let number = try transaction.insert(
                "INSERT INTO probe (at, room) VALUES (?, \(transaction.dialect.randomBytes(Self.room)))", [now],
                key: key)
            try transaction.execute("DELETE FROM probe WHERE \(key) <> ?", [number])
        }
    }
}

/// Finds out whether the store can be written, at most once a second however many ask: a check writes to the disk, and
/// anybody may ask for readiness.
actor StoreProbe {
    private let store: RequestStore
    private let now: @Sendable () -> ContinuousClock.Instant
    private var last: (at: ContinuousClock.Instant, problem: String?)?
    private var isAsking = false

    private static let lifetime = Duration.seconds(1)

    init(store: RequestStore, now: @escaping @Sendable () -> ContinuousClock.Instant = { .now }) {
        self.store = store
        self.now = now
    }

    /// What is wrong with the store; `nil` when nothing is.
    func problem() async -> String? {
        // While one asks, the others take what was known before.
        if let last, isAsking || last.at.duration(to: now()) < Self.lifetime { return last.problem }
        isAsking = true
        defer { isAsking = false }
        var problem: String?
        do { try await store.checkWritable() } catch { problem = "cannot write: \(error)" }
        last = (now(), problem)
        return problem
    }
}
