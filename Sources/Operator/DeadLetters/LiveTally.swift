import Synchronization

/// The tally while it grows.
final class LiveTally: Sendable {
    private let tally = Mutex(RemedyTally())

    var current: RemedyTally { tally.withLock { $0 } }
    func count(_ change: (inout RemedyTally) -> Void) { tally.withLock { change(&$0) } }
}
