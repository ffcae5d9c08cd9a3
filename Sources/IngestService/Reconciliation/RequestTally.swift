import Synchronization

/// How many requests each provider had sent up to a number. Rows of `request` stay for ever, with their provider and
/// their number: what was counted once need not be counted again, however many there are.
final class RequestTally: Sendable {
    struct Counted: Sendable, Equatable {
        /// 0 before the first count.
        var upTo: Int64 = 0
        var byProvider: [String: Int] = [:]
    }

    private let counted = Mutex(Counted())

    var current: Counted { counted.withLock { $0 } }

    /// Keeps what reaches farther.
    func advance(to next: Counted) {
        counted.withLock { if next.upTo > $0.upTo { $0 = next } }
    }
}

extension RequestStore {
    /// How many requests may be counted anew each time.
    private static let mostRecounted = 2000

    /// Counts what is settled for good into the tally, once there is enough of it.
    /// - Parameter recounted: how many were counted anew.
    func advanceTally(_ recounted: Int) async throws(StoreError) {
        guard recounted > Self.mostRecounted else { return }
        let (base, bound) = (tally.current, try await lastNumber())
        guard bound > base.upTo else { return }
        let next = try await read { transaction in
            var next = base
            for (provider, count, last) in try transaction.sent(beyond: base.upTo, upTo: bound) {
                next.byProvider[provider, default: 0] += count
                next.upTo = max(next.upTo, last)
            }
            return next
        }
        tally.advance(to: next)
    }
}

extension StoreTransaction {
    /// How many requests of each provider have numbers in a range, and the last of them.
    func sent(beyond first: Int64, upTo last: Int64 = .max) throws -> [(provider: String, count: Int, last: Int64)] {
        // All of them are counted along an index; a few at the end where they stand.
        let table = first == 0 ? dialect.along("request_by_provider", of: "request") : dialect.byNumber("request")
        return try rows(
            """
            SELECT provider, count(*) AS count, max(number) AS last FROM \(table)
            WHERE number > ? AND number <= ? GROUP BY provider
            """, [first, last]
        ) { (provider: try $0["provider"], count: try $0["count"], last: try $0["last"]) }
    }
}
