import Contracts

/// A steady rate: the n-th turn comes n intervals after the start.
package struct Pace: Sendable {
    private let perSecond: Double
    private let start: ContinuousClock.Instant

    package init(perSecond: Double, from start: ContinuousClock.Instant) {
        self.perSecond = perSecond
        self.start = start
    }

    /// When a turn is due. Turns that are late are not skipped, so that the rate holds on average.
    package func due(_ index: Int) -> ContinuousClock.Instant {
        start + Duration(clampingSeconds: Double(index) / perSecond)
    }

    /// Returns when the turn is due.
    /// - Throws: `CancellationError`.
    package func turn(of index: Int) async throws {
        let due = due(index)
        if due > .now { try await Task.sleep(until: due, clock: .continuous) }
    }
}
