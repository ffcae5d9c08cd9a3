import ServiceRuntime
import Yams

/// How long, how many, how often.
extension PartnersReader {
    mutating func timeout(_ node: Node?, at path: String) -> Duration? {
        guard let node else { return Partner.defaultTimeout }
        guard let text = text(node, at: path) else { return nil }
        guard let duration = Duration(configured: text) else {
            report(path, node, "must be a time such as 15s or 500ms")
            return nil
        }
        guard Partner.timeouts.contains(duration) else {
            report(path, node, "must be between 100ms and 60s")
            return nil
        }
        return duration
    }

    mutating func concurrency(_ node: Node?, at path: String) -> Int? {
        guard let node, let text = text(node, at: path) else { return nil }
        guard let count = Int(text), (1...4096).contains(count) else {
            report(path, node, "must be a whole number from 1 to 4096")
            return nil
        }
        return count
    }

    /// - Returns: attempts per second.
    mutating func rate(_ node: Node?, at path: String) -> Double? {
        guard let node, let text = text(node, at: path) else { return nil }
        let seconds = ["s": 1, "m": 60, "h": 3600]
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, let count = Int(parts[0]), (1...100_000).contains(count),
            let unit = seconds[String(parts[1])]
        else {
            report(path, node, "must be a number from 1 to 100000 and a time: 50/s, 600/m or 1000/h")
            return nil
        }
        return Double(count) / Double(unit)
    }
}
