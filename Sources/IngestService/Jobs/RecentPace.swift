import Contracts
import Synchronization

import struct Foundation.Date

/// How long requests have taken lately from acceptance until the partner was told: what clients are advised to wait by.
///
/// A ring of the newest durations, since a percentile of few hundred numbers is exact and cheap, and a count forgets by
/// itself: after a quiet night the last known pace is a better advice than a constant. A histogram would need to be
/// aged, and is exact to a share of what no client reads: whole seconds.
final class RecentPace: Sendable {
    /// What a client may be told, seconds.
    static let bounds = 1...3600
    private static let window = 512
    /// Sorting the window costs some microseconds: once for so many requests.
    private static let stride = 32

    private struct Ring {
        var seconds: [Double] = []
        var next = 0
        var fresh = 0
        /// Decided in a review, and not told yet.
        var reviewed: Set<RequestID> = []
    }

    private let ring = Mutex(Ring())
    private let advised: Atomic<Int>

    /// - Parameter initial: seconds, until there is anything to go by.
    init(initial: Int) { advised = Atomic(min(max(initial, Self.bounds.lowerBound), Self.bounds.upperBound)) }

    /// Whole seconds in which 19 of 20 requests were done lately, at least 1.
    var retryAfter: Int { advised.load(ordering: .relaxed) }

    /// A request was decided in a review: how long a person takes is no advice to those who wait for the rules.
    func leaveOut(_ id: RequestID) {
        ring.withLock { ring in
            // A partner that takes nothing for days must not fill the memory.
            if ring.reviewed.count >= Self.window { ring.reviewed.removeFirst() }
            ring.reviewed.insert(id)
        }
    }

    /// A partner has taken the answer to a request, whose id says when it was accepted.
    func told(_ id: RequestID, at date: Date) {
        let seconds = date.timeIntervalSince(id.acceptedAt)
        guard seconds.isFinite else { return }
        ring.withLock { ring in
            guard ring.reviewed.isEmpty || ring.reviewed.remove(id) == nil else { return }
            if ring.seconds.count < Self.window {
                ring.seconds.append(seconds)
            } else {
                ring.seconds[ring.next] = seconds
                ring.next = (ring.next + 1) % Self.window
            }
            ring.fresh += 1
            // The first ones count at once.
            guard ring.fresh >= Self.stride || ring.seconds.count < Self.stride else { return }
            ring.fresh = 0
            let sorted = ring.seconds.sorted()
            let rank = (sorted.count * 95 + 99) / 100 - 1
            let seconds = min(max(sorted[rank].rounded(.up), 1), Double(Self.bounds.upperBound))
            advised.store(Int(clamping: seconds), ordering: .relaxed)
        }
    }
}

extension RequestID {
    /// The milliseconds since 1970 in its first 48 bits (RFC 9562, section 5.7).
    var acceptedAt: Date {
        let milliseconds = withUnsafeBytes(of: uuid.uuid) { bytes in
            bytes.prefix(6).reduce(Int64(0)) { $0 << 8 | Int64($1) }
        }
        return Date(milliseconds: milliseconds)
    }

    /// Where the ids of requests begin that were accepted at this time or later, as text: a part of an id that sorts as
    /// the whole ones do.
    static func lowerBound(_ date: Date) -> String {
        let digits = String(UInt64(clamping: max(0, date.milliseconds)) & 0xFFFF_FFFF_FFFF, radix: 16)
        let padded = String(repeating: "0", count: 12 - digits.count) + digits
        return "\(padded.prefix(8))-\(padded.suffix(4))"
    }
}
