import DeadLetters
import Terminal

extension RemedyTally {
    /// What `--json` prints.
    struct JSON: Encodable {
        var held: Int
        var lookedAt: Int
        var replayed: Int
        var discarded: Int
        /// Told already, so not replayed.
        var told: Int
        /// Settled before, only removed.
        var leftovers: Int
        /// Too large, left.
        var oversized: Int
    }

    var json: JSON {
        JSON(
            held: total, lookedAt: seen, replayed: replayed, discarded: discarded, told: told, leftovers: leftovers,
            oversized: oversized)
    }
}

extension RemedyTally: ShownProgress {
    private static var width: Int { 30 }

    var bar: String {
        let filled = Self.width * min(seen, total) / max(1, total)
        return "[\(String(repeating: "#", count: filled))\(String(repeating: "-", count: Self.width - filled))] \(line)"
    }

    var line: String { "\(seen) of \(total) looked at, \(replayed + discarded + told) settled" }
}
