import Synchronization

/// The drafts that operators ask about, in memory: a few, each for some minutes after the last question.
final class DraftShelf: Sendable {
    typealias Instant = ContinuousClock.Instant

    /// At most so many; a new one takes the place of the one that was longest not asked about.
    static let size = 4
    static let lifetime = Duration.seconds(15 * 60)

    private struct Entry {
        var coverage: Coverage
        var usedAt: Instant
    }

    private let entries = Mutex<[String: Entry]>([:])

    func put(_ coverage: Coverage, id: String, at now: Instant) {
        entries.withLock { entries in
            Self.sweep(&entries, now)
            entries[id] = Entry(coverage: coverage, usedAt: now)
            if entries.count > Self.size, let oldest = entries.min(by: { $0.value.usedAt < $1.value.usedAt }) {
                entries[oldest.key] = nil
            }
        }
    }

    /// - Returns: `nil` when there is no such draft, or none any more.
    func take(_ id: String, at now: Instant) -> Coverage? {
        entries.withLock { entries in
            Self.sweep(&entries, now)
            entries[id]?.usedAt = now
            return entries[id]?.coverage
        }
    }

    private static func sweep(_ entries: inout [String: Entry], _ now: Instant) {
        entries = entries.filter { $0.value.usedAt.duration(to: now) < lifetime }
    }
}
