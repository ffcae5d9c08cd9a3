import Contracts
package import Yams

extension YAMLReading {
    /// `50/s`, `600/m`, `1000/h`.
    /// - Returns: how often a second.
    package mutating func rate(_ node: Node?, at path: String) -> Double? {
        guard let node, let text = text(node, at: path) else { return nil }
        let seconds = ["s": 1, "m": 60, "h": 3600]
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, let count = Int(foreign: parts[0], in: 1...100_000),
            let unit = seconds[String(parts[1])]
        else {
            report(path, node, "must be a number from 1 to 100000 and a time: 50/s, 600/m or 1000/h")
            return nil
        }
        return Double(count) / Double(unit)
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
