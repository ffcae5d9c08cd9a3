import Synchronization

/// How many questions are answered in a second, whoever asks, with a burst of as many: a place among all that anybody
/// may ask costs microseconds, but the same process decides for partners.
///
/// Kept as the time at which all is free again, so that nothing has to be refilled.
final class QuestionRate: Sendable {
    typealias Instant = ContinuousClock.Instant

    private let interval: Duration
    private let free: Mutex<Instant?>

    init(perSecond: Int) {
        interval = .seconds(1) / perSecond
        free = Mutex(nil)
    }

    /// - Returns: `nil` when it may be answered, else how long that takes.
    func take(at now: Instant) -> Duration? {
        free.withLock { free in
            let next = max(free ?? now, now) + interval
            let excess = now.duration(to: next) - .seconds(1)
            guard excess <= .zero else { return excess }
            free = next
            return nil
        }
    }
}
