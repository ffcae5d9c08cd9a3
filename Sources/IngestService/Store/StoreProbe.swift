/// Finds out whether the store can be written, at most once a second however many ask: a check writes to the disk, and
/// anybody may ask for readiness.
actor StoreProbe {
    private let store: any RequestStore
    private let now: @Sendable () -> ContinuousClock.Instant
    private var last: (at: ContinuousClock.Instant, problem: String?)?
    private var isAsking = false

    private static let lifetime = Duration.seconds(1)

    init(store: any RequestStore, now: @escaping @Sendable () -> ContinuousClock.Instant = { .now }) {
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
