import AdminAPI
import Contracts
import HTTPListener
import Hummingbird
import ServiceRuntime

import struct Foundation.Date

/// Which callbacks wait, why, and what holds a partner back as a whole.
struct WaitingController: Sendable {
    var access: StoreAccess
    /// Know who is paused. Who does not answer is no reason not to tell the rest.
    var peers: CallbackPeers
    var now: @Sendable () -> Date

    func register(on group: RouterGroup<BasicRequestContext>) { group.serve(ListWaiting.self, list) }

    @Sendable func list(_ asked: AdminQuestion<ListWaiting>) async throws -> ListWaiting.Answer {
        let (query, now) = (asked.query, now())
        let isFirst = query.after == nil
        async let callbacks = peers.partners()
        let found = try await access.ask(.operate, asked.logger) { store in
            try await store.waiting(of: query.provider, after: query.after, limit: query.limit, counts: isFirst)
        }
        let known = await callbacks
        let answer = ListWaiting.Answer(
            waiting: found.jobs.compactMap { WaitingCallback($0, known, at: now) }, next: found.next,
            unknown: known.problem)
        guard isFirst else { return answer }
        var first = answer
        first.providers = Self.partners(found, known, only: query.provider)
        first.isCut = found.isCut ? true : nil
        return first
    }

    private static func partners(
        _ found: WaitingCallbacks, _ callbacks: CallbackPartners, only provider: String?
    ) -> [WaitingPartner] {
        var partners: [String: WaitingPartner] = [:]
        func change(_ provider: String, _ body: (inout WaitingPartner) -> Void) {
            body(&partners[provider, default: WaitingPartner(provider: provider)])
        }
        if let provider, found.isKnown || callbacks.byID[provider] != nil { change(provider) { _ in } }
        for count in found.counts ?? [] {
            change(count.provider) { partner in
                partner.count += count.count
                partner.oldest = min(partner.oldest ?? count.oldest, count.oldest)
                // The answer and later steps are counted apart.
                if let index = partner.reasons.firstIndex(where: { $0.code == count.code }) {
                    partner.reasons[index].count += count.count
                } else {
                    partner.reasons.append(.init(code: count.code, count: count.count))
                }
            }
        }
        for (name, endpoint) in found.endpoints where provider == nil || name == provider {
            change(name) { $0.endpoint = .init(degradedSince: endpoint.since, error: endpoint.error) }
        }
        for (name, one) in callbacks.byID where provider == nil || name == provider {
            if one.isDegraded {
                change(name) { $0.endpoint = $0.endpoint ?? .init(degradedSince: nil, error: nil) }
            }
            if let pause = one.pause { change(name) { $0.paused = pause } }
        }
        return partners.values.map { partner in
            var partner = partner
            partner.reasons.sort { ($1.count, $0.code ?? "") < ($0.count, $1.code ?? "") }
            return partner
        }.sorted { $0.provider < $1.provider }
    }
}

extension WaitingCallback {
    /// `nil` where nothing waits after all.
    fileprivate init?(_ job: StoredJob, _ callbacks: CallbackPartners, at now: Date) {
        guard let notification = job.notification?.shown(at: now),
            notification.state != .delivered, notification.state != .failed
        else { return nil }
        let request = job.request
        // The stage gave it back untried.
        let attempt = notification.attempt == 0 ? nil : notification.attempt
        let partner = callbacks.byID[request.provider.id]
        // Where some process still tells the partner, it goes out there.
        let isPaused = partner.map { $0.pausedIn > 0 && $0.pausedIn == callbacks.processes } ?? false
        let cause: Cause =
            isPaused
            ? .resume
            : notification.state == .held || partner?.isDegraded == true
                ? .endpoint : attempt == nil ? .firstAttempt : .nextAttempt
        // What is said of an endpoint is no error of this one.
        let error = attempt == nil ? nil : notification.error
        self.init(
            request: request.id, provider: request.provider.id,
            providerRequestId: request.submission.providerRequestID, sequence: notification.sequence,
            what: notification.sequence == RequestDecided.sequence
                ? "answer" : request.organizationProgress.status.rawValue,
            since: notification.since, attempt: attempt, of: notification.of, error: error,
            httpStatus: notification.httpStatus ?? error.flatMap { StageError.httpStatus(of: $0.code) },
            waitsFor: cause, nextAttemptAt: cause == .nextAttempt ? notification.nextAttemptAt : nil)
    }
}
