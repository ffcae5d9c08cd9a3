import Contracts
import Logging
import Metrics
import ServiceRuntime
import Synchronization

/// Leaves a geocoder alone that fails, see `CircuitBreaker`, or that has asked for patience.
final class CircuitBreakingGeocoder: StreetGeocoder {
    typealias Instant = ContinuousClock.Instant

    private struct State {
        var breaker: CircuitBreaker
        /// What it asked for, by `Retry-After`.
        var quietUntil: Instant?
    }

    /// What a geocoder asks for longer than this is not believed.
    static let longestQuiet = Duration.seconds(3600)

    private let inner: any StreetGeocoder
    private let state: Mutex<State>
    private let leftAlone: Gauge
    private let logger: Logger
    private let now: @Sendable () -> Instant

    init(
        _ inner: any StreetGeocoder, rule: CircuitBreaker.Rule = CircuitBreakingGeocoder.rule, logger: Logger,
        now: @escaping @Sendable () -> Instant = { .now }
    ) {
        self.inner = inner
        self.now = now
        state = Mutex(State(breaker: CircuitBreaker(rule, at: now())))
        leftAlone = Gauge(label: "intake_geocoder_left_alone", dimensions: [("geocoder", inner.name)])
        leftAlone.record(0)
        self.logger = logger
    }

    /// Half of the last minute's questions, five at least. A geocoder is asked for every request, so that a minute
    /// tells.
    static var rule: CircuitBreaker.Rule {
        var rule = CircuitBreaker.Rule()
        rule.window = .seconds(60)
        rule.share = 0.5
        rule.attempts = 5
        rule.longestWait = .seconds(60)
        return rule
    }

    var name: String { inner.name }

    /// - Throws: why it would not be asked now.
    func check() throws(GeocoderFailure) {
        let now = now()
        if let failure = state.withLock({ Self.failure($0, now) }) { throw failure }
    }

    func find(_ address: PostalAddress) async throws(GeocoderFailure) -> StreetFinding {
        let ticket = try begin()
        do throws(GeocoderFailure) {
            let finding = try await inner.find(address)
            end(ticket, .answered, nil)
            return finding
        } catch {
            // Who was cancelled has learnt nothing about the geocoder.
            end(ticket, Task.isCancelled ? .silent : .failed, error)
            throw error
        }
    }

    private func begin() throws(GeocoderFailure) -> CircuitBreaker.Ticket {
        let now = now()
        let result: Result<CircuitBreaker.Ticket, GeocoderFailure> = state.withLock { state in
            if let failure = Self.failure(state, now) { return .failure(failure) }
            return state.breaker.begin(at: now).map { .success($0) } ?? .failure(.leftAlone(retryAfter: nil))
        }
        return try result.get()
    }

    private static func failure(_ state: State, _ now: Instant) -> GeocoderFailure? {
        if let quietUntil = state.quietUntil, now < quietUntil {
            return .leftAlone(retryAfter: now.duration(to: quietUntil))
        }
        guard !state.breaker.isClosed else { return nil }
        // Without a next probe, one is under way.
        guard let nextProbe = state.breaker.nextProbe else { return .leftAlone(retryAfter: nil) }
        return nextProbe <= now ? nil : .leftAlone(retryAfter: now.duration(to: nextProbe))
    }

    private func end(
        _ ticket: CircuitBreaker.Ticket, _ report: StageFailure.EndpointReport, _ failure: GeocoderFailure?
    ) {
        let now = now()
        var generator = SystemRandomNumberGenerator()
        let change = state.withLock { state in
            if let wish = failure?.retryAfter, report == .failed {
                state.quietUntil = now.advanced(by: min(wish, Self.longestQuiet))
            }
            return state.breaker.end(ticket, report, at: now, using: &generator)
        }
        switch change {
        case .opened(let attempts, let failures):
            leftAlone.record(1)
            logger.warning(
                "A geocoder fails so often that it is left alone",
                metadata: [
                    "geocoder": "\(name)", "attempts": "\(attempts)", "failures": "\(failures)",
                    "error": "\(failure?.code ?? "")",
                ])
        case .closed:
            leftAlone.record(0)
            logger.notice("A geocoder answers again", metadata: ["geocoder": "\(name)"])
        case nil:
            break
        }
    }
}
