import AdminAPI
import Metrics
import Synchronization

import struct Foundation.Date

/// What IngestService counts and times. Made once, since looking a metric up costs more than counting.
final class IngestMetrics: Sendable {
    private let byProvider = Mutex<[String: Counter]>([:])
    private let byReason = Mutex<[String: Counter]>([:])
    private let answerTime = Timer(label: "intake_accept_seconds")
    private let commitTime = Timer(label: "intake_store_commit_seconds")
    private let commitSize = Recorder(label: "intake_store_commit_writes")
    private let pending = Gauge(label: "intake_outbox_pending")
    private let oldest = Gauge(label: "intake_outbox_oldest_seconds")
    private let publishTime = Timer(label: "intake_outbox_publish_seconds")
    private let published = Counter(label: "intake_outbox_published_total")
    private let relayFailures = Counter(label: "intake_outbox_failures_total")
    private let overflows = Counter(label: "intake_outbox_handover_overflows_total")
    private let strayDeadLetters = Counter(label: "intake_progress_dead_letters_without_request_total")
    private let unknownRequests = Counter(label: "intake_progress_unknown_requests_total")
    private let places = Mutex<[String: Gauge]>([:])
    private let stuckRequests = Gauge(label: "intake_requests_stuck")
    private let openReviews = Gauge(label: "intake_reviews_open")
    private let oldestReview = Gauge(label: "intake_reviews_oldest_seconds")
    private let pendingErasure = Gauge(label: "intake_store_erasure_pending")
    private let overdueReviews = Gauge(label: "intake_reviews_overdue")

    func accepted(provider: String) {
        count("intake_requests_accepted_total", ("provider", provider), byProvider)
    }

    /// - Parameter reason: a `Problem`'s code.
    func refused(_ reason: String) {
        count("intake_requests_refused_total", ("reason", reason), byReason)
    }

    /// - Parameter time: from the request's head to the 202.
    func answered(in time: Duration) { answerTime.record(duration: time) }

    func committed(writes: Int, in time: Duration) {
        commitSize.record(writes)
        commitTime.record(duration: time)
    }

    /// - Parameter age: of the oldest entry.
    func outbox(count: Int, age: Duration) {
        pending.record(count)
        oldest.record(age / .seconds(1))
    }

    /// - Parameter time: from the hand-over to the broker's confirms.
    func published(_ count: Int, in time: Duration) {
        published.increment(by: count)
        for _ in 0..<count { publishTime.record(duration: time) }
    }

    /// A publish or a removal did not work and is tried again.
    func relayFailed() { relayFailures.increment() }
    func handOverOverflowed() { overflows.increment() }
    func strayDeadLetter() { strayDeadLetters.increment() }
    func unknownRequest() { unknownRequests.increment() }

    /// How many of a provider's requests are where; the five numbers of one moment.
    func requests(_ counts: RequestCounts) {
        let provider = counts.provider ?? ""
        for (state, count) in [
            ("accepted", counts.accepted), ("told", counts.told), ("pending", counts.pending),
            ("review", counts.review),
            ("dead", counts.dead),
        ] {
            let gauge = places.withLock { gauges in
                let key = "\(state) \(provider)"
                if let gauge = gauges[key] { return gauge }
                let gauge = Gauge(
                    label: "intake_requests", dimensions: [("provider", provider), ("state", state)])
                gauges[key] = gauge
                return gauge
            }
            gauge.record(count)
        }
    }

    /// - Parameter count: of requests under way that have not moved for too long.
    func stuck(_ count: Int) { stuckRequests.record(count) }

    /// - Parameter isPending: whether something that was erased is still in the store's log.
    func erasurePending(_ isPending: Bool) { pendingErasure.record(isPending ? 1 : 0) }

    func reviews(_ figures: ReviewFigures, at now: Date) {
        openReviews.record(figures.open)
        oldestReview.record(figures.oldest.map { max(0, now.timeIntervalSince($0)) } ?? 0)
        overdueReviews.record(figures.overdue)
    }

    private func count(_ label: String, _ dimension: (String, String), _ counters: borrowing Mutex<[String: Counter]>) {
        let counter = counters.withLock { counters in
            if let counter = counters[dimension.1] { return counter }
            let counter = Counter(label: label, dimensions: [dimension])
            counters[dimension.1] = counter
            return counter
        }
        counter.increment()
    }
}
