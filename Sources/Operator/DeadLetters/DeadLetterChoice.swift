import Contracts
import Foundation

/// Which letters of a dead queue are meant, and what is to be done with each.
struct DeadLetterChoice: Sendable, Equatable {
    /// Ids of messages or requests; empty for any.
    var ids: Set<UUID> = []
    var reason: String?

    /// What is to be done with a letter.
    enum Verdict: Sendable, Equatable {
        /// It stays where it is.
        case leave
        /// It was replayed or discarded before, and only this copy is left: it is removed.
        case remove
        /// The partner was told all the same.
        case told(diedAt: Date)
        /// It waits for somebody to do something about it.
        case settle(diedAt: Date)
    }

    /// Whether a letter can be meant, by what it says itself.
    func mayMean(_ copy: DeadCopy) -> Bool {
        ids.isEmpty || ids.contains(copy.messageID) || copy.requestID.map { ids.contains($0.uuid) } == true
    }

    /// - Parameters:
    ///   - entry: what the projection has of it; `nil` when it has nothing.
    ///   - settledUntil: the death up to which this run has settled the same message.
    ///   - now: stands in for the time of a death that nobody knows.
    func verdict(on copy: DeadCopy, _ entry: DeadLetterEntry?, settledUntil: Date?, now: Date) -> Verdict {
        guard mayMean(copy), reason == nil || reason == (entry?.reason ?? copy.reason) else { return .leave }
        // A copy without a time of its own might have died since: then it must not be removed.
        if let diedAt = copy.diedAt {
            if let settledUntil, diedAt <= settledUntil { return .remove }
            if let entry, entry.resolution != nil, diedAt <= entry.diedAt { return .remove }
        }
        let diedAt = [copy.diedAt, entry?.diedAt].compactMap { $0 }.max() ?? now
        // The projection's own letters are facts about requests, told or not.
        if entry?.told == true, copy.stage != .progress { return .told(diedAt: diedAt) }
        return .settle(diedAt: diedAt)
    }
}
