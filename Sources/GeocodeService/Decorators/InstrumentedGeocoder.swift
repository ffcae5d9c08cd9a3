import Contracts
import Logging
import Metrics
import Synchronization

/// Counts and times the questions that are really asked, and tells the operator when a geocoder refuses them.
final class InstrumentedGeocoder: StreetGeocoder {
    private enum Outcome: String, CaseIterable {
        case found
        case noMatch = "no-match"
        case away, refused, unreadable
    }

    private let inner: any StreetGeocoder
    private let counters: [Outcome: Counter]
    private let seconds: Timer
    private let refusal: Gauge
    private let isRefused = Mutex(false)
    private let logger: Logger

    init(_ inner: any StreetGeocoder, logger: Logger) {
        self.inner = inner
        self.logger = logger
        let name = ("geocoder", inner.name)
        counters = Dictionary(
            uniqueKeysWithValues: Outcome.allCases.map {
                let dimensions = [name, ("outcome", $0.rawValue)]
                return ($0, Counter(label: "intake_geocoder_questions_total", dimensions: dimensions))
            })
        seconds = Timer(label: "intake_geocoder_question_duration_seconds", dimensions: [name])
        refusal = Gauge(label: "intake_geocoder_refused", dimensions: [name])
        refusal.record(0)
    }

    var name: String { inner.name }

    func find(_ address: PostalAddress) async throws(GeocoderFailure) -> StreetFinding {
        let started = ContinuousClock.now
        do throws(GeocoderFailure) {
            let finding = try await inner.find(address)
            record(finding == .noMatch ? .noMatch : .found, since: started)
            accepted()
            return finding
        } catch {
            switch error.kind {
            case .away: record(.away, since: started)
            case .unreadable: record(.unreadable, since: started)
            case .refused:
                record(.refused, since: started)
                refused(error)
            }
            throw error
        }
    }

    private func record(_ outcome: Outcome, since start: ContinuousClock.Instant) {
        counters[outcome]?.increment()
        let (whole, attoseconds) = start.duration(to: .now).components
        seconds.recordNanoseconds(whole * 1_000_000_000 + attoseconds / 1_000_000_000)
    }

    private func refused(_ failure: GeocoderFailure) {
        guard change(to: true) else { return }
        refusal.record(1)
        logger.warning(
            "A geocoder refuses our questions: see its key and contract",
            metadata: ["geocoder": "\(name)", "error": "\(failure)"])
    }

    private func accepted() {
        guard change(to: false) else { return }
        refusal.record(0)
        logger.notice("A geocoder takes our questions again", metadata: ["geocoder": "\(name)"])
    }

    /// - Returns: whether that is new.
    private func change(to new: Bool) -> Bool {
        isRefused.withLock { isRefused in
            defer { isRefused = new }
            return isRefused != new
        }
    }
}
