import Synchronization

/// What is to become of the chosen dead letters.
package enum Remedy: Sendable, Equatable {
    /// Their stage gets them again.
    case replay
    /// They are thrown away, for a reason.
    case discard(why: String)

    /// Why a letter is thrown away by a replay: its request was told all the same.
    static let toldWhy = "The partner had been told already."
}

/// What has become of the dead letters so far.
package struct RemedyTally: Sendable, Equatable {
    /// How many the queue held at the start.
    package var total: Int
    /// How many were looked at.
    package var seen: Int
    package var replayed: Int
    package var discarded: Int
    /// Thrown away by a replay, since their requests were told all the same.
    package var told: Int
    /// Copies of what had been replayed or discarded before.
    package var leftovers: Int
    /// Too large to be given back whole.
    package var oversized: Int

    /// How many are settled, one way or another.
    package var settled: Int { replayed + discarded + told + leftovers }

    package init(
        total: Int = 0, seen: Int = 0, replayed: Int = 0, discarded: Int = 0, told: Int = 0, leftovers: Int = 0,
        oversized: Int = 0
    ) {
        self.total = total
        self.seen = seen
        self.replayed = replayed
        self.discarded = discarded
        self.told = told
        self.leftovers = leftovers
        self.oversized = oversized
    }

    /// The end of a run in one line.
    package var summary: String {
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
package final class LiveTally: Sendable {
    private let tally = Mutex(RemedyTally())

    package init() {}

    package var current: RemedyTally { tally.withLock { $0 } }
    package func count(_ change: (inout RemedyTally) -> Void) { tally.withLock { change(&$0) } }
}
