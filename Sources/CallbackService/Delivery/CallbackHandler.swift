import Contracts
import Foundation
import Logging
import ServiceRuntime

/// The callback stage: what was decided, and each further step of the organisation, is told to the partner.
struct CallbackHandler: StageHandler {
    /// The newest good content of `callbacks.yaml`.
    private let partners: @Sendable () -> Partners
    private let client: PartnerClient
    private let newest: CallbackState
    private let turns = RequestTurns()
    private let metrics: CallbackMetrics
    private let organizations: PartnerOrganizations
    private let now: @Sendable () -> Date

    init(
        partners: @escaping @Sendable () -> Partners, client: PartnerClient, newest: CallbackState,
        metrics: CallbackMetrics = CallbackMetrics(), organizations: PartnerOrganizations = PartnerOrganizations(),
        now: @escaping @Sendable () -> Date = { Date() }
    ) {
        self.partners = partners
        self.client = client
        self.newest = newest
        self.metrics = metrics
        self.organizations = organizations
        self.now = now
    }

    /// - Throws: transient for whatever may be different next time; for a partner that the file does not name, see
    ///   `UnknownProvider`. Permanent at once only for an id that no URL can say, and for what the partner will never
    ///   take.
    func handle(_ notice: Notice, context: StageContext) async throws(StageFailure) -> [any EventData] {
        if let newer = try await overtaking(notice, isRepeated: context.attempt > 1) {
            return [superseded(notice, by: newer)]
        }
        let hasWaited = await turns.enter(notice.requestID)
        defer { turns.leave(notice.requestID) }
        if hasWaited, let newer = try await overtaking(notice, isRepeated: true) {
            return [superseded(notice, by: newer)]
        }
        guard let partner = partners()[notice.request.provider] else {
            throw UnknownProvider.failure(attempt: context.attempt)
        }
        guard let url = partner.url.url(for: notice.request.providerRequestID) else {
            throw .permanent("unusable-id", "The provider's id of the request cannot be part of a URL.")
        }
        let span = context.span?.asking("POST", partner.url.host.unbracketed)
        span?.set("intake.provider", partner.id)
        defer { span?.end() }
        let callback = Callback(
            url: url, body: partner.body.bytes(notice), idempotencyKey: notice.eventID.canonical,
            place: span?.place ?? notice.sampledPlace)
        let startedAt = now()
        let started = ContinuousClock.now
        let receipt: PartnerReceipt
        do {
            receipt = try await client.tell(partner, callback)
            span?.set("http.response.status_code", receipt.status)
            failurePoint("partner.answered")
        } catch {
            if let status = error.status { span?.set("http.response.status_code", status) }
            span?.fail(error.code.rawValue)
            // A process that stops spends no attempt of the partner's.
            if error.code == .stopping { throw .outage(error.code.rawValue, error.message) }
            throw failure(error, notice, context, startedAt, started.duration(to: .now))
        }
        return [
            CallbackDelivered(
                provider: notice.request.provider, providerRequestID: notice.request.providerRequestID,
                Receipt(
                    acceptance: notice.acceptance, sequence: notice.sequence, httpStatus: receipt.status,
                    attempt: context.attempt, durationMilliseconds: started.duration(to: .now).wholeMilliseconds,
                    addressFamily: receipt.addressFamily, deliveredAt: Timestamp.truncate(now())))
        ]
    }

    /// The sequence of something newer about the request that was taken in hand; `nil` when there is none.
    ///
    /// Nearly every callback is the answer to a request that has just been accepted. Nothing can have overtaken that
    /// one, and nothing is looked up for it.
    /// - Parameter isRepeated: whether the notice was in hand before, or has waited here.
    private func overtaking(_ notice: Notice, isRepeated: Bool) async throws(StageFailure) -> Int? {
        let isAnswer = notice.sequence == RequestDecided.sequence
        // Since its acceptance, for a stage that works once more says the same again as news. Of either sign: clocks
        // differ.
        let age = abs(now().timeIntervalSince(notice.request.acceptedAt))
        guard !isAnswer || notice.isBelated || isRepeated || age > Self.answersYouth else { return nil }
        do {
            let known =
                isAnswer
                ? try await newest.newest(of: notice.requestID)
                : try await newest.take(notice.sequence, of: notice.requestID)
            return known.flatMap { $0 > notice.sequence ? $0 : nil }
        } catch {
            throw .outage("callback-state-unavailable", "What was told before cannot be looked up: \(error)")
        }
    }

    /// For so long after its acceptance nobody has taken a step with a request that was told already, in seconds.
    private static let answersYouth = 0.5

    private func superseded(_ notice: Notice, by newer: Int) -> CallbackSuperseded {
        CallbackSuperseded(
            provider: notice.request.provider, sequence: notice.sequence, newestSequence: newer,
            supersededAt: Timestamp.truncate(now()))
    }

    private func failure(
        _ failure: DeliveryFailure, _ notice: Notice, _ context: StageContext, _ startedAt: Date,
        _ duration: Duration
    ) -> StageFailure {
        let code = failure.code.rawValue
        organizations.learn(notice.request.organization, of: notice.request.provider)
        let attempted = CallbackAttempted(
            provider: notice.request.provider, sequence: notice.sequence, attempt: context.attempt,
            startedAt: Timestamp.truncate(startedAt), durationMilliseconds: duration.wholeMilliseconds,
            addressFamily: failure.addressFamily, httpStatus: failure.status,
            error: StageError(code: code, message: failure.message), excerpt: failure.excerpt)
        switch failure.verdict {
        case .final:
            return .permanent(code, failure.message, endpoint: .answered, facts: [attempted])
        case .needsOperator:
            metrics.needsOperator(provider: notice.request.provider, code: code)
            context.logger.warning(
                "A partner can be told only when somebody mends something",
                metadata: [
                    "provider": "\(notice.request.provider)", "error": "\(failure)",
                    "detail": "\(failure.detail ?? "")",
                ])
            return .transient(
                code, failure.message,
                retryAfter: max(failure.retryAfter ?? .zero, DeliveryFailure.operatorsPace),
                endpoint: failure.status.map { $0 >= 400 ? .failed : .answered } ?? .silent, facts: [attempted])
        case .tryAgain:
            if let detail = failure.detail {
                context.logger.notice(
                    "A partner was not told",
                    metadata: ["provider": "\(notice.request.provider)", "error": "\(failure)", "detail": "\(detail)"])
            }
            return .transient(
                code, failure.message, retryAfter: failure.retryAfter,
                endpoint: failure.code == .noReceipt ? .answered : .failed, facts: [attempted])
        }
    }
}

extension Notice {
    /// One who does not record is told of nothing: the partner's own sampler is free then.
    fileprivate var sampledPlace: TraceParent? {
        guard let place = traceParent.flatMap(TraceParent.init), place.isSampled else { return nil }
        return place
    }
}

extension Duration {
    /// Rounded down.
    var wholeMilliseconds: Int { Int(clamping: self / .milliseconds(1)) }
}
