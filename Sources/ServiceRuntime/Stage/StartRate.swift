import Synchronization

/// How many attempts may start within a time: each takes the next free moment, at even distances.
package final class StartRate: Sendable {
    package typealias Instant = ContinuousClock.Instant

    private struct State {
        /// `nil` for no limit.
        var distance: Duration?
        /// The next free moment.
        var next: Instant?
    }

    /// How much of what was not used may be caught up with at once: timers are late by a few milliseconds.
    private static let slack = Duration.milliseconds(100)

    private let state: Mutex<State>

    /// - Parameter perSecond: more than zero; `nil` for no limit.
    package init(perSecond: Double?) { state = Mutex(State(distance: Self.distance(perSecond))) }

    /// Whoever has a moment already keeps it.
    package func change(perSecond: Double?) { state.withLock { $0.distance = Self.distance(perSecond) } }

    /// Takes the next free moment if it comes in time.
    /// - Returns: the moment, `now` when there is no limit; `nil` when it comes only after `limit`, and is left to
    ///   others.
    package func take(at now: Instant, before limit: Instant) -> Instant? {
        state.withLock { state in
            guard let distance = state.distance else { return now }
            let moment = max(state.next ?? now, now - Self.slack)
            guard moment <= limit else { return nil }
            state.next = moment + distance
            return moment
        }
    }

    private static func distance(_ perSecond: Double?) -> Duration? { perSecond.map { .seconds(1) / $0 } }
}
