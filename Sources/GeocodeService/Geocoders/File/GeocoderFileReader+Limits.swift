import Contracts
import ServiceRuntime
import Yams

/// How long.
extension GeocoderFileReader {
    /// - Parameter words: the range as a problem tells it.
    mutating func time(
        _ node: Node?, in range: ClosedRange<Duration>, _ words: String, at path: String
    ) -> Duration? {
        guard let node, let text = text(node, at: path) else { return nil }
        let days = text.hasSuffix("d") ? Int64(foreign: text.dropLast(), in: 0...99_999).map { Duration.days($0) } : nil
        guard let time = days ?? Duration(configured: text), range.contains(time) else {
            report(path, node, "must be a time such as 500ms, 15s, 12h or 7d, from \(words)")
            return nil
        }
        return time
    }

    mutating func cache(_ entry: inout GeocoderEntry, _ node: Node?, at path: String) {
        guard let node, let keys = fields(of: node, at: path, known: ["answers", "no_match"]) else { return }
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
