import Synchronization
import Terminal

/// What has become of the dead letters so far.
struct RemedyTally: ShownProgress, Equatable {
    /// How many the queue held at the start.
    var total = 0
    /// How many were looked at.
    var seen = 0
    var replayed = 0
    var discarded = 0
    /// Thrown away by a replay, since their requests were told all the same.
    var told = 0
    /// Copies of what had been replayed or discarded before.
    var leftovers = 0
    /// Too large to be given back whole.
    var oversized = 0

    /// How many are settled, one way or another.
    var settled: Int { replayed + discarded + told + leftovers }

    private static let width = 30

    var bar: String {
        let filled = Self.width * min(seen, total) / max(1, total)
        return "[\(String(repeating: "#", count: filled))\(String(repeating: "-", count: Self.width - filled))] \(line)"
    }

    var line: String { "\(seen) of \(total) looked at, \(replayed + discarded + told) settled" }

    /// The end of a run in one line.
    var summary: String {
        var parts: [String] = []
        if replayed > 0 || discarded == 0 { parts.append("\(replayed) replayed") }
        if discarded > 0 { parts.append("\(discarded) discarded") }
        if told > 0 { parts.append("\(told) told already, so not replayed") }
        if leftovers > 0 { parts.append("\(leftovers) settled before, only removed") }
        if oversized > 0 { parts.append("\(oversized) too large, left") }
        if seen > settled + oversized { parts.append("\(seen - settled - oversized) others left where they were") }
        if total > seen { parts.append("\(total - seen) not looked at") }
        return parts.joined(separator: ", ")
    }
}

/// The tally while it grows.
final class LiveTally: Sendable {
    private let tally = Mutex(RemedyTally())

    var current: RemedyTally { tally.withLock { $0 } }
    func count(_ change: (inout RemedyTally) -> Void) { tally.withLock { change(&$0) } }
}
