import Contracts
package import Yams

/// How often something may be: `50/s`, `600/m`, `1000/h`.
package struct Rate: Sendable, Equatable {
    package var count: Int
    package var per: Duration

    /// `nil` for anything else, and for more than a million.
    package init?(_ text: String) {
        let units = ["s": 1, "m": 60, "h": 3600]
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, let count = Int(foreign: parts[0], in: 1...1_000_000),
            let unit = units[String(parts[1])]
        else { return nil }
        (self.count, per) = (count, .seconds(unit))
    }

    package var perSecond: Double { Double(count) / (per / .seconds(1)) }
    /// How long until the next one is due.
    package var interval: Duration { per / count }
}

extension YAMLReading {
    /// - Returns: how often a second.
    package mutating func rate(_ node: Node?, at path: String) -> Double? {
        guard let node, let text = text(node, at: path) else { return nil }
        guard let rate = Rate(text) else {
            report(path, node, "must be a number from 1 to 1000000 and a time: 50/s, 600/m or 1000/h")
            return nil
        }
        return rate.perSecond
    }

    /// A whole number.
    package mutating func count(_ node: Node?, in range: ClosedRange<Int>, at path: String) -> Int? {
        guard let node, let text = text(node, at: path) else { return nil }
        guard let count = Int(foreign: text, in: range) else {
            report(path, node, "must be a whole number from \(range.lowerBound) to \(range.upperBound)")
            return nil
        }
        return count
    }
}
