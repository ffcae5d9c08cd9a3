import Contracts
import Foundation

/// The newest figures of the flow, counted once for all who look, and only while somebody does.
actor FlowBoard {
    private let store: RequestStore
    private let now: @Sendable () -> Date
    private var newest: FlowFigures?
    private var counting: Task<FlowFigures, any Error>?
    private var took = Duration.zero

    /// How old figures may be; where counting takes long, twenty times as long as that.
    static let age = Duration.seconds(2)

    init(store: RequestStore, now: @escaping @Sendable () -> Date) {
        self.store = store
        self.now = now
    }

    /// - Throws: `StoreError` when nothing can be counted.
    func figures() async throws -> FlowFigures {
        let now = now()
        if let newest, Duration(clampingSeconds: now.timeIntervalSince(newest.at)) < max(Self.age, took * 20),
            newest.at <= now
        {
            return newest
        }
        if let counting { return try await counting.value }
        let start = ContinuousClock.now
        let task = Task { [store] in try await store.flow(at: now) }
        counting = task
        defer { counting = nil }
        let figures = try await task.value
        took = start.duration(to: .now)
        newest = figures
        return figures
    }
}
