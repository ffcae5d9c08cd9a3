import Contracts
import Foundation
import ServiceRuntime

/// How long a request waits for geocoders that do not answer, before it goes on with the gazetteer's coarser location.
struct Patience: Sendable, Equatable {
    /// Since the request was accepted.
    var limit: Duration

    /// - Parameters:
    ///   - isStopping: then nobody waited as long as he would have.
    /// - Returns: how to wait on; `nil` when the request is to go on with what there is.
    func failure(
        for silent: [StreetSearch.Silence], acceptedAt: Date, now: Date, isStopping: Bool
    ) -> StageFailure? {
        guard !silent.isEmpty else { return nil }
        if isStopping { return .outage("stopping", "The service is stopping.") }
        let waited = Duration(clampingSeconds: max(0, now.timeIntervalSince(acceptedAt)))
        let left = limit - waited
        guard left > .zero else { return nil }
        // Longer and longer waits, so that a long outage costs little; rounded down to what there is a queue for, so
        // that none goes far beyond the end of the patience.
        let wish = max(silent.compactMap(\.failure.retryAfter).min() ?? .zero, waited / 4)
        let wait = Topology.tiers(.geocode).map(\.delay).last { $0 <= wish && $0 * (1 + RetryTier.jitter) <= left }
        let names = silent.map(\.geocoder).joined(separator: ", ")
        let codes = silent.map(\.failure.code).joined(separator: ", ")
        return .outage(
            "geocoder-away", "No answer from \(names) (\(codes)).", retryAfter: wait ?? .zero)
    }
}
