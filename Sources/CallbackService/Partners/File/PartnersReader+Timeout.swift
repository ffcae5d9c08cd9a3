import ServiceRuntime
import Yams

/// How long.
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
}
