import ServiceRuntime
import Yams

extension BlockReader {
    // Each of these adds one rule, or returns what is wrong with it.

    mutating func addZIP(_ value: String) -> String? {
        guard Self.isZIP(value) else { return "\(CoverageProblems.quoted(value)) is not a five-digit ZIP" }
        return CoverageRules.add(rules.match(.zip(value)), under: value, to: &rules.index.zips)
    }

    mutating func addPrefix(_ value: String) -> String? {
        guard (1...4).contains(value.utf8.count), Self.isDigits(value) else {
            return "\(CoverageProblems.quoted(value)) is not the first one to four digits of a ZIP"
        }
        return CoverageRules.add(rules.match(.zipPrefix(value)), under: value, to: &rules.index.zipPrefixes)
    }

    mutating func addRange(_ value: String) -> String? {
        let ends = value.split(separator: "-", omittingEmptySubsequences: false).map(String.init)
        guard ends.count == 2, ends.allSatisfy(Self.isZIP), let first = Int(ends[0]), let last = Int(ends[1]) else {
            return "\(CoverageProblems.quoted(value)) is not a range of ZIPs as in `77001-77099`"
        }
        guard first <= last else { return "\(CoverageProblems.quoted(value)) ends before it begins" }
        rules.add(first...last, .zipRange(ends[0], ends[1]))
        return nil
    }

    /// Adds the ZIPs of a CSV file.
    mutating func addZIPs(fileAt node: Node, _ sources: inout CoverageSources) {
        let path = "\(path).zips_file"
        guard let name = YAMLTree.text(node), !name.isEmpty else {
            sources.problems.report(path, node, "must be the name of a CSV file")
            return
        }
        guard let bytes = sources.bytes(of: name, at: path, node) else { return }
        let file = ZIPTableFile(bytes)
        sources.problems.report(path, node, file: name, file.problems)
        sources.problems.warn(path, node, file: name, file.warnings)
        rules.add(zips: file.zips)
    }

    static func isZIP(_ text: String) -> Bool { text.utf8.count == 5 && isDigits(text) }
}
