import Contracts
import Foundation
import ServiceRuntime
import Yams

/// Reads the blocks of `covers` or `exclude` into an index.
struct CoverageReader {
    /// Where they are.
    let path: String
    /// In which the days of `valid_from` and `valid_until` begin and end.
    let timeZone: TimeZone
    /// Whether a block may have a `capacity_note`.
    let takesNotes: Bool

    func read(_ node: Node, _ sources: inout CoverageSources) -> CoverageIndex {
        var rules = CoverageRules()
        if let list = node.sequence {
            if list.isEmpty { sources.problems.report(path, node, "is empty: leave the key out") }
            for (index, item) in list.enumerated() { read(item, "\(path)[\(index)]", &rules, &sources) }
        } else if node.mapping != nil {
            read(node, path, &rules, &sources)
        } else {
            sources.problems.report(path, node, "must be a mapping, or a list of them")
        }
        return rules.compiled
    }

    private func read(_ node: Node, _ path: String, _ rules: inout CoverageRules, _ sources: inout CoverageSources) {
        let common = ["name", "valid_from", "valid_until"] + (takesNotes ? ["capacity_note"] : [])
        let known = common + BlockReader.kinds
        guard let mapping = sources.problems.fields(of: node, at: path, known: known) else { return }
        // A wrong key has its own problem.
        if !(node.mapping?.keys.contains { !common.contains(YAMLTree.text($0) ?? "") } ?? false) {
            sources.problems.report(path, node, "is empty: it names no place")
        }
        rules.begin(block(mapping, path, &sources.problems))
        var reader = BlockReader(path: path, rules: rules)
        reader.read(mapping, &sources)
        rules = reader.rules
    }

    private func block(_ mapping: [String: Node], _ path: String, _ problems: inout CoverageProblems) -> CoverageBlock {
        var block = CoverageBlock()
        block.name = mapping["name"].flatMap { text($0, "\(path).name", 100, &problems) }
        block.capacityNote = mapping["capacity_note"].flatMap { text($0, "\(path).capacity_note", 500, &problems) }
        let first = mapping["valid_from"].flatMap { day($0, "\(path).valid_from", &problems) }
        let last = mapping["valid_until"].flatMap { day($0, "\(path).valid_until", &problems) }
        if let node = mapping["valid_until"], let first, let last, last < first {
            problems.report("\(path).valid_until", node, "is before valid_from: it would never hold")
        }
        block.from = first?.start(in: timeZone)
        block.until = last?.next.start(in: timeZone)
        return block
    }

    private func text(_ node: Node, _ path: String, _ limit: Int, _ problems: inout CoverageProblems) -> String? {
        guard let text = YAMLTree.text(node), (1...limit).contains(text.count) else {
            problems.report(path, node, "must be a text of 1 to \(limit) characters")
            return nil
        }
        return text
    }

    private func day(_ node: Node, _ path: String, _ problems: inout CoverageProblems) -> CivilDate? {
        guard let day = node.scalar.flatMap({ CivilDate($0.string) }) else {
            problems.report(path, node, "must be a day as in 2026-01-31")
            return nil
        }
        return day
    }
}
