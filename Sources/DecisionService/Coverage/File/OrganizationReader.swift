import Contracts
import Foundation
import ServiceRuntime
import Yams

/// Reads one organisation of the coverage file.
struct OrganizationReader {
    /// Where it is.
    let path: String

    func read(_ node: Node, _ sources: inout CoverageSources) -> OrganizationCoverage? {
        let known = ["name", "time_zone", "covers", "exclude", "review"]
        guard let mapping = sources.problems.fields(of: node, at: path, known: known) else { return nil }
        var result = OrganizationCoverage()
        result.name = mapping["name"].flatMap { text($0, "name", &sources.problems) }
        let zone = mapping["time_zone"].flatMap { timeZone($0, &sources.problems) } ?? .gmt
        if let covers = mapping["covers"] {
            let reader = CoverageReader(path: "\(path).covers", timeZone: zone, takesNotes: true)
            result.covers = reader.read(covers, &sources)
        } else {
            sources.problems.report("\(path).covers", node, "is missing")
        }
        if let exclude = mapping["exclude"] {
            let reader = CoverageReader(path: "\(path).exclude", timeZone: zone, takesNotes: false)
            result.excludes = reader.read(exclude, &sources)
        }
        result.review = mapping["review"].flatMap { review($0, &sources.problems) }
        return result
    }

    private func text(_ node: Node, _ key: String, _ problems: inout CoverageProblems) -> String? {
        guard let text = YAMLTree.text(node), !text.isEmpty else {
            problems.report("\(path).\(key)", node, "must be a text that is not empty")
            return nil
        }
        return text
    }

    private func timeZone(_ node: Node, _ problems: inout CoverageProblems) -> TimeZone? {
        guard let name = YAMLTree.text(node), name == "UTC" || name.contains("/"), let zone = TimeZone(identifier: name)
        else {
            problems.report("\(path).time_zone", node, "must be UTC or a name such as America/Chicago")
            return nil
        }
        return zone
    }

    private func review(_ node: Node, _ problems: inout CoverageProblems) -> ReviewPolicy? {
        let path = "\(path).review"
        let known = ["when", "deadline", "fallback"]
        guard let mapping = problems.fields(of: node, at: path, known: known) else { return nil }
        for key in known where mapping[key] == nil {
            problems.report("\(path).\(key)", node, "is missing")
        }
        let reasons = mapping["when"].flatMap { reviewReasons($0, "\(path).when", &problems) }
        let deadline = mapping["deadline"].flatMap { self.deadline($0, "\(path).deadline", &problems) }
        var fallback: Bool?
        if let node = mapping["fallback"] {
            fallback = ["accept": true, "decline": false][YAMLTree.text(node) ?? ""]
            if fallback == nil {
                problems.report("\(path).fallback", node, "must be accept or decline")
            }
        }
        guard let reasons, let deadline, let fallback else { return nil }
        return ReviewPolicy(reasons: reasons, deadline: deadline, fallback: fallback)
    }

    private func reviewReasons(_ node: Node, _ path: String, _ problems: inout CoverageProblems) -> Set<ReviewReason>? {
        let known: [ReviewReason] = [.placeConflict, .locationTooCoarse]
        guard let items = node.sequence, !items.isEmpty else {
            problems.report(path, node, "must be a list that is not empty")
            return nil
        }
        var reasons: Set<ReviewReason> = []
        for (index, item) in items.enumerated() {
            if let reason = item.scalar.map({ ReviewReason(rawValue: $0.string) }), known.contains(reason) {
                reasons.insert(reason)
            } else {
                let names = known.map(\.rawValue).joined(separator: ", ")
                problems.report("\(path)[\(index)]", item, "is none of \(names)")
            }
        }
        return reasons
    }

    private func deadline(_ node: Node, _ path: String, _ problems: inout CoverageProblems) -> Duration? {
        guard let deadline = Duration(configured: YAMLTree.text(node) ?? ""),
            (.seconds(60)...Duration.seconds(90 * 86_400)).contains(deadline)
        else {
            problems.report(path, node, "must be a duration such as 30m or 48h, from 1m to 2160h")
            return nil
        }
        return deadline
    }
}
