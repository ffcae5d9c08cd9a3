import Contracts
package import Foundation

/// Which letters of a dead queue are meant, and what is to be done with each.
package struct DeadLetterChoice: Sendable, Equatable {
    /// Ids of messages or requests; empty for any.
    package var ids: Set<UUID>
    package var reason: String?

    /// Whose requests they are about; `nil` for anybody's.
    package var provider: String?

    package init(ids: Set<UUID> = [], reason: String? = nil, provider: String? = nil) {
        self.ids = ids
        self.reason = reason
        self.provider = provider
    }

    /// Which of a message's deaths something is about.
    package struct Death: Sendable, Equatable {
        /// How often the message had been given back before.
        package var replays: Int
        /// By the clock of whoever gave it up.
        package var at: Date

        package init(replays: Int, at: Date) {
            self.replays = replays
            self.at = at
        }
    }

    /// What is to be done with a letter.
    package enum Verdict: Sendable, Equatable {
        /// It stays where it is.
        case leave
        /// It was replayed or discarded before, and only this copy is left: it is removed.
        case remove
        /// The partner was told all the same.
        case told(Death)
        /// It waits for somebody to do something about it.
        case settle(Death)
    }

    /// Whether a letter can be meant, by what it says itself.
    package func mayMean(_ copy: DeadCopy) -> Bool {
        guard provider == nil || provider == copy.provider else { return false }
        return ids.isEmpty || ids.contains(copy.messageID) || copy.requestID.map { ids.contains($0.uuid) } == true
    }

    /// - Parameters:
    ///   - entry: what the projection has of it; `nil` when it has nothing.
    ///   - settled: the death up to which this run has settled the same message.
    ///   - now: stands in for the time of a death that nobody knows.
    package func verdict(on copy: DeadCopy, _ entry: KnownLetter?, settled: Death?, now: Date) -> Verdict {
        guard mayMean(copy), reason == nil || reason == (entry?.reason ?? copy.reason) else { return .leave }
        // It was given back in this life, or thrown away: another copy of it is only left over.
        if let settled, copy.replays <= settled.replays { return .remove }
        if let entry, entry.resolution != nil, isCovered(copy, by: entry) { return .remove }
        let death = Death(
            replays: max(copy.replays, entry?.replays ?? 0),
            at: [copy.diedAt, entry?.diedAt].compactMap { $0 }.max() ?? now)
        // The projection's own letters are facts about requests, told or not.
        if entry?.told == true, copy.stage != .progress { return .told(death) }
        return .settle(death)
    }

    /// Whether what was done about the letter that the projection has was done about this copy, too.
    private func isCovered(_ copy: DeadCopy, by entry: KnownLetter) -> Bool {
        if let replays = entry.resolution?.replays { return copy.replays <= replays }
        // An earlier version's replay names a time alone. A copy that has none might have died since.
        guard let diedAt = copy.diedAt else { return false }
        return copy.replays <= entry.replays ?? 0 && diedAt <= entry.diedAt
    }
}
