/// Knows from the attempts of the last minutes whether an endpoint is worth asking. Pure: it is told the time.
///
/// ```
/// closed ─▶ open, when of enough attempts too many have failed
///   ▲        │ ▲
///   │        ▼ │ the probe fails: the wait doubles
///   └────── probing, one at a time
/// ```
///
/// Attempts are counted in slices of the window, so that its memory does not grow with the traffic: a slice leaves the
/// window as a whole, by which an attempt counts up to one slice longer than the window.
package struct CircuitBreaker: Sendable {
    package struct Rule: Sendable, Equatable {
        /// How far back attempts count.
        package var window = Duration.seconds(300)
        /// The share of failures that opens it.
        package var share = 0.7
        /// How many attempts there must be at least.
        package var attempts = 10
        package var firstWait = Duration.seconds(5)
        package var longestWait = Duration.seconds(300)

        package init() {}
    }

    /// An attempt that was let through. What is said of one of an earlier life does not count.
    package struct Ticket: Sendable, Equatable {
        fileprivate var life: Int
        var isProbe: Bool
    }

    package enum Change: Sendable, Equatable {
        case opened(attempts: Int, failures: Int)
        case closed
    }

    package typealias Instant = ContinuousClock.Instant

    private enum State {
        case closed
        /// It may be probed from an instant on.
        case open(probeAt: Instant, failedProbes: Int)
        case probing(failedProbes: Int)
    }

    private struct Slice {
        var number: Int64
        var attempts = 0
        var failures = 0
    }

    /// Slices of a window.
    static let slices = 60

    private let rule: Rule
    private let origin: Instant
    private var state = State.closed
    private var life = 0
    /// Oldest first.
    private var window: [Slice] = []

    package init(_ rule: Rule = Rule(), at now: Instant) {
        self.rule = rule
        origin = now
    }

    package var isClosed: Bool {
        switch state {
        case .closed: true
        case .open, .probing: false
        }
    }

    /// When the next probe may be sent; `nil` when none is needed, or one is under way.
    package var nextProbe: Instant? {
        switch state {
        case .open(let probeAt, _): probeAt
        case .closed, .probing: nil
        }
    }

    /// Asks for an attempt.
    /// - Returns: `nil` when it must not be made now.
    package mutating func begin(at now: Instant) -> Ticket? {
        switch state {
        case .closed:
            return Ticket(life: life, isProbe: false)
        case .open(let probeAt, let failedProbes):
            guard probeAt <= now else { return nil }
            state = .probing(failedProbes: failedProbes)
            return Ticket(life: life, isProbe: true)
        case .probing:
            return nil
        }
    }

    /// Says what an attempt has shown. Each ticket is to be brought back once.
    package mutating func end(
        _ ticket: Ticket, _ report: StageFailure.EndpointReport, at now: Instant,
        using generator: inout some RandomNumberGenerator
    ) -> Change? {
        guard ticket.life == life else { return nil }
        switch (state, report) {
        case (.closed, .silent), (.open, _):
            // What was under way when it opened proves nothing: others were, too.
            return nil
        case (.closed, .answered), (.closed, .failed):
            return count(isFailure: report == .failed, at: now, using: &generator)
        case (.probing, _) where !ticket.isProbe:
            return nil
        case (.probing(let failedProbes), .silent):
            state = .open(probeAt: now, failedProbes: failedProbes)
            return nil
        case (.probing(let failedProbes), .failed):
            state = .open(
                probeAt: now.advanced(by: wait(after: failedProbes + 1, using: &generator)),
                failedProbes: failedProbes + 1)
            return nil
        case (.probing, .answered):
            state = .closed
            life += 1
            window = []
            return .closed
        }
    }

    private mutating func count(
        isFailure: Bool, at now: Instant, using generator: inout some RandomNumberGenerator
    ) -> Change? {
        // Attempts end on many threads, some with an instant a little older than the last one's.
        let number = max(slice(of: now), window.last?.number ?? 0)
        window.removeAll { $0.number < number - Int64(Self.slices) }
        if window.last?.number != number { window.append(Slice(number: number)) }
        window[window.count - 1].attempts += 1
        guard isFailure else {
            // An answer can only make the share smaller.
            return nil
        }
        window[window.count - 1].failures += 1
        let attempts = window.reduce(0) { $0 + $1.attempts }
        let failures = window.reduce(0) { $0 + $1.failures }
        guard attempts >= rule.attempts, Double(failures) >= rule.share * Double(attempts) else { return nil }
        state = .open(probeAt: now.advanced(by: wait(after: 0, using: &generator)), failedProbes: 0)
        return .opened(attempts: attempts, failures: failures)
    }

    private func slice(of now: Instant) -> Int64 {
        Int64((origin.duration(to: now) / rule.window * Double(Self.slices)).rounded(.down))
    }

    /// Doubles with each failed probe; up to a fifth shorter, so that processes do not probe in step.
    private func wait(after failedProbes: Int, using generator: inout some RandomNumberGenerator) -> Duration {
        min(rule.firstWait * (1 << min(failedProbes, 16)), rule.longestWait)
            * Double.random(in: 0.8...1, using: &generator)
    }
}
