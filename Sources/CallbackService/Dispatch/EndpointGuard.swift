import Contracts
import Foundation
import Logging
import Metrics
import ServiceLifecycle
import ServiceRuntime
import Synchronization

/// Stands between a queue and the one endpoint that its messages lead to: asks no more often than allowed, with few at
/// a time until it answers, see `ConcurrencyRamp`, and leaves an endpoint alone that is out of order, see
/// `CircuitBreaker`.
///
/// What waits for its turn waits in hand, and RabbitMQ takes away what is in hand for half an hour. So no more is in
/// hand than has its turn within `longestTurn`; where the rate was lowered meanwhile, what would wait longer waits in
/// the broker.
final class EndpointGuard: StageGate {
    private struct State {
        var breaker: CircuitBreaker
        var ramp: ConcurrencyRamp
        var degradedSince: Date?
        var hasAnswered = false
        /// How many may be in hand by the rate.
        var inTurn = Int.max
    }

    /// Longer than an attempt can take, so that a slow partner gets its rate all the same.
    static let longestTurn = Duration.seconds(120)

    /// Whose endpoint it is.
    let provider: String
    private let concurrency: Int
    /// Whether it is a partner's: what there is to say of it is said, and its receipt is a fact of its own.
    private let isPartners: Bool
    private let organizations: PartnerOrganizations
    private let rate: StartRate
    private let state: Mutex<State>
    private let startedAt = Timestamp.truncate(Date())
    private let gauge: Gauge
    private let logger: Logger
    private let now: @Sendable () -> ContinuousClock.Instant

    /// - Parameters:
    ///   - concurrency: how many of its messages may be in hand at most, at least one.
    ///   - rate: attempts per second, more than zero; `nil` for no limit.
    convenience init(
        provider: String, concurrency: Int, rate: Double? = nil, isPartners: Bool = true,
        organizations: PartnerOrganizations = PartnerOrganizations(), logger: Logger
    ) {
        self.init(
            provider: provider, concurrency: concurrency, rate: rate, rule: CircuitBreaker.Rule(),
            isPartners: isPartners, organizations: organizations, logger: logger)
    }

    init(
        provider: String, concurrency: Int, rate: Double?, rule: CircuitBreaker.Rule, isPartners: Bool = true,
        organizations: PartnerOrganizations = PartnerOrganizations(), logger: Logger,
        now: @escaping @Sendable () -> ContinuousClock.Instant = { .now }
    ) {
        self.provider = provider
        self.concurrency = concurrency
        self.isPartners = isPartners
        self.organizations = organizations
        self.rate = StartRate(perSecond: rate)
        self.now = now
        state = Mutex(
            State(
                breaker: CircuitBreaker(rule, at: now()), ramp: ConcurrencyRamp(most: concurrency),
                inTurn: Self.inTurn(rate)))
        gauge = Gauge(label: "intake_callback_endpoint_degraded", dimensions: [("provider", provider)])
        gauge.record(0)
        var logger = logger
        logger[metadataKey: "provider"] = "\(provider)"
        self.logger = logger
    }

    /// Since when the endpoint is left alone but for probes; `nil` when it is not.
    var degradedSince: Date? { state.withLock { $0.degradedSince } }

    func change(rate perSecond: Double?) {
        rate.change(perSecond: perSecond)
        state.withLock { $0.inTurn = Self.inTurn(perSecond) }
    }

    private static func inTurn(_ perSecond: Double?) -> Int {
        guard let perSecond else { return .max }
        return Int(clamping: min(max(1, perSecond * (longestTurn / .seconds(1))), 1_000_000))
    }

    /// How many messages may be in hand now.
    var limit: Int { state.withLock { min($0.ramp.limit, $0.inTurn) } }

    var isOpen: Bool { state.withLock { $0.breaker.isClosed } }

    /// Each attempt says something of the endpoint.
    var takesBatches: Bool { false }

    /// See `CircuitBreaker.nextProbe`.
    var nextProbe: ContinuousClock.Instant? { state.withLock { $0.breaker.nextProbe } }

    /// Waits for the message's turn. A process that stops lets none wait.
    func enter() async throws -> GateAdmission {
        guard let moment = rate.take(at: now(), before: now() + Self.longestTurn) else {
            return .postpone(.outage("rate-limited", "The partner's turn comes too late to wait for it in hand."))
        }
        if moment > now() {
            do {
                try await cancelWhenGracefulShutdown { try await Task.sleep(until: moment, clock: .continuous) }
            } catch {
                try Task.checkCancellation()
                return .postpone(.outage("stopping", "The service is stopping."))
            }
        }
        guard let ticket = state.withLock({ $0.breaker.begin(at: now()) }) else {
            return .postpone(
                .outage("endpoint-degraded", "The partner's endpoint fails so often that it is left alone for now."))
        }
        return .work(ticket)
    }

    /// Another gate lets nobody in behind this one.
    func withdrew(_ pass: any Sendable) {
        if let ticket = pass as? CircuitBreaker.Ticket { _ = end(ticket, .silent, nil) }
    }

    func left(_ pass: any Sendable, _ results: [StageResult]) -> [(any EventData)?] {
        guard let ticket = pass as? CircuitBreaker.Ticket else { return results.map { _ in nil } }
        return results.map { result in
            let news =
                switch result {
                case .success(let outputs): end(ticket, outputs)
                case .failure(let failure): end(ticket, failure)
                }
            return isPartners ? news : nil
        }
    }

    /// - Returns: what there is to tell of it.
    func end(_ ticket: CircuitBreaker.Ticket, _ outputs: [any EventData]) -> (any EventData)? {
        // Without a receipt among them, a partner's endpoint was not asked.
        let isAnswered = !isPartners || outputs.contains { type(of: $0).type == .callbackDelivered }
        return end(ticket, isAnswered ? .answered : .silent, nil)
    }

    func end(_ ticket: CircuitBreaker.Ticket, _ failure: StageFailure) -> (any EventData)? {
        end(ticket, failure.endpoint, failure.error)
    }

    private func end(
        _ ticket: CircuitBreaker.Ticket, _ report: StageFailure.EndpointReport, _ error: StageError?
    ) -> (any EventData)? {
        let time = Timestamp.truncate(Date())
        var generator = SystemRandomNumberGenerator()
        let (change, since, isFirstAnswer) = state.withLock { state in
            let isFirstAnswer = report == .answered && !state.hasAnswered
            if isFirstAnswer { state.hasAnswered = true }
            let change = state.breaker.end(ticket, report, at: now(), using: &generator)
            let since = state.degradedSince ?? time
            switch change {
            case .opened:
                state.degradedSince = time
                state.ramp = ConcurrencyRamp(most: concurrency)
            case .closed:
                state.degradedSince = nil
            case nil:
                if report != .silent, state.breaker.isClosed { state.ramp.ended(failed: report == .failed) }
            }
            return (change, since, isFirstAnswer)
        }
        switch change {
        case .opened(let attempts, let failures):
            gauge.record(1)
            let error = error ?? StageError(code: "unknown", message: "")
            logger.warning(
                "Endpoint is degraded: its callbacks wait in its queue",
                metadata: ["attempts": "\(attempts)", "failures": "\(failures)", "error": "\(error.code)"])
            return EndpointDegraded(
                provider: provider, attempts: attempts, failures: failures, error: error, since: time,
                organization: organizations[provider])
        case .closed:
            gauge.record(0)
            logger.notice("Endpoint has recovered", metadata: ["degraded_since": "\(Timestamp.string(since))"])
            return EndpointRecovered(provider: provider, degradedSince: since, recoveredAt: time)
        case nil:
            // An earlier process may have ended while the endpoint was degraded, and nobody else would say that it is
            // over.
            guard isFirstAnswer else { return nil }
            return EndpointRecovered(provider: provider, degradedSince: startedAt, recoveredAt: time)
        }
    }
}
