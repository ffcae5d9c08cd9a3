import ServiceRuntime
import Yams

/// How long, how many, how often.
extension GeocoderFileReader {
    /// - Parameter words: the range as a problem tells it.
    mutating func time(
        _ node: Node?, in range: ClosedRange<Duration>, _ words: String, at path: String
    ) -> Duration? {
        guard let node, let text = text(node, at: path) else { return nil }
        let days = text.hasSuffix("d") ? Int64(text.dropLast()).flatMap { $0 < 100_000 ? Duration.days($0) : nil } : nil
        guard let time = days ?? Duration(configured: text), range.contains(time) else {
            report(path, node, "must be a time from \(words), such as 500ms, 15s, 2m, 12h or 7d")
            return nil
        }
        return time
    }

    mutating func concurrency(_ node: Node?, at path: String) -> Int? {
        guard let node, let text = text(node, at: path) else { return nil }
        guard let count = Int(text), (1...GeocoderHTTP.connectionsPerHost).contains(count) else {
            report(path, node, "must be a whole number from 1 to \(GeocoderHTTP.connectionsPerHost)")
            return nil
        }
        return count
    }

    /// - Returns: questions a second.
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

    mutating func cache(_ entry: inout GeocoderEntry, _ node: Node?, at path: String) {
        guard let node else { return }
        let keys = keys(of: node, at: path, known: ["answers", "no_match"])
        let isGoogle = entry.kind == .google
        let longest = isGoogle ? GeocoderEntry.longestKeptOfGoogle : .days(365)
        let words = isGoogle ? "0s to 30d, as Google's terms have it" : "0s to 365d"
        if let time = time(keys["answers"], in: .zero...longest, words, at: "\(path).answers") {
            entry.keepsAnswers = time
        }
        if let time = time(keys["no_match"], in: .zero ... .days(365), "0s to 365d", at: "\(path).no_match") {
            entry.keepsNonAnswers = time
        }
    }
}
