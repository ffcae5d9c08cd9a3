import AdminAPI
import Foundation
import Synchronization

/// How many requests were where, now and then during the last hour: what the console's lines are drawn from. Kept in
/// memory, from what is counted for the metrics anyway.
final class FlowHistory: Sendable {
    struct Sample: Sendable, Equatable {
        var at: Date
        var accepted: Int
        var told: Int
        var dead: Int
        /// Accepted, by provider; of the first so many.
        var acceptedBy: [String: Int] = [:]
    }

    private static let mostProviders = 200

    private static let span = Double(3600)
    private let samples = Mutex<[Sample]>([])

    func record(_ counts: [RequestCounts], at now: Date) {
        let sample = Sample(
            at: now, accepted: counts.reduce(0) { $0 + $1.accepted }, told: counts.reduce(0) { $0 + $1.told },
            dead: counts.reduce(0) { $0 + $1.dead },
            acceptedBy: Dictionary(
                counts.prefix(Self.mostProviders).map { ($0.provider ?? "", $0.accepted) }, uniquingKeysWith: +))
        samples.withLock { samples in
            // A clock that was set back begins anew.
            if let last = samples.last, last.at >= now { samples = [] }
            samples.append(sample)
            samples.removeAll { now.timeIntervalSince($0.at) > Self.span + 60 }
        }
    }

    var all: [Sample] { samples.withLock { $0 } }

    /// How many of a provider's were accepted in the last hour, or since the first sample; `nil` when nothing is known.
    static func lastHour(_ samples: [Sample], of provider: String, now: Date) -> Int? {
        let recent = samples.filter { now.timeIntervalSince($0.at) <= span }
        guard let first = recent.first, let last = recent.last, last.at > first.at else { return nil }
        return max(0, (last.acceptedBy[provider] ?? 0) - (first.acceptedBy[provider] ?? 0))
    }

    /// Since when there are samples, when that is not yet an hour ago.
    static func start(_ samples: [Sample], now: Date) -> Date? {
        samples.first.flatMap { now.timeIntervalSince($0.at) < span ? $0.at : nil }
    }

    /// What grew by how much within each minute, the last one at the end; `nil` for minutes before the first sample.
    static func perMinute(
        _ samples: [Sample], now: Date, _ figure: (Sample) -> Int, minutes: Int = 60
    ) -> [Double?] {
        func value(at date: Date) -> Double? {
            // Between two samples the growth is taken for even.
            guard let first = samples.first, first.at <= date, let after = samples.first(where: { $0.at >= date })
            else {
                return samples.last.flatMap { $0.at <= date ? Double(figure($0)) : nil }
            }
            guard let before = samples.last(where: { $0.at <= date }), before.at < after.at else {
                return Double(figure(after))
            }
            let share = date.timeIntervalSince(before.at) / after.at.timeIntervalSince(before.at)
            return Double(figure(before)) + share * Double(figure(after) - figure(before))
        }
        return (0..<minutes).reversed().map { ago in
            guard let end = value(at: now.before(.seconds(60 * ago))),
                let start = value(at: now.before(.seconds(60 * (ago + 1))))
            else {
                return nil
            }
            return max(0, end - start)
        }
    }
}
