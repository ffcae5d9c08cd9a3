import DeadLetters
import Terminal

extension RemedyTally: ShownProgress {
    private static var width: Int { 30 }

    var bar: String {
        let filled = Self.width * min(seen, total) / max(1, total)
        return "[\(String(repeating: "#", count: filled))\(String(repeating: "-", count: Self.width - filled))] \(line)"
    }

    var line: String { "\(seen) of \(total) looked at, \(replayed + discarded + told) settled" }
}
