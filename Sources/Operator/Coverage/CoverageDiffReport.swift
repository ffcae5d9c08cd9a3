import AdminAPI
import Contracts
import Terminal

/// What `intake coverage diff` prints.
struct CoverageDiffReport: Sendable {
    let draft: UploadDraft.Answer
    let comparison: DecisionComparison
    /// Whether to list answers that stay, too.
    let showsAll: Bool

    private var groups: [DecisionComparison.Group] { showsAll ? comparison.groups : comparison.flips }

    /// Ends in a line feed.
    var text: String {
        var totals = TextTable(numeric: [1])
        totals.add("decided requests compared", "\(comparison.compared)")
        for kind in DecisionChange.Kind.allCases where kind.isFlip && comparison.count(kind) > 0 {
            totals.add("  \(kind.label)", "\(comparison.count(kind))")
        }
        totals.add("  same answer, other rule", "\(comparison.count(.sameAnswer))")
        if comparison.decidedByPeople > 0 { totals.add("decided by people, left out", "\(comparison.decidedByPeople)") }
        if comparison.undecided > 0 { totals.add("not decided yet, left out", "\(comparison.undecided)") }
        for (organization, count) in comparison.withoutRules.sorted(by: { $0.key < $1.key }) {
            totals.add("of \(organization), which the draft does not name", "\(count)")
        }
        var lines = ["draft \(draft.coverageVersion)", ""] + totals.lines
        for kind in DecisionChange.Kind.allCases {
            let groups = groups.filter { $0.change.kind == kind }
            guard !groups.isEmpty else { continue }
            lines += ["", kind.label.uppercased()] + table(groups).lines
        }
        if !comparison.hasFlips { lines += ["", "No answer would change."] }
        // Names of the file and of partners must not steer a terminal.
        return lines.map(PrintableText.of).joined(separator: "\n") + "\n"
    }

    private func table(_ groups: [DecisionComparison.Group]) -> TextTable {
        var table = TextTable(numeric: [0])
        table.add("REQUESTS", "ORGANIZATION", "COUNTY", "BEFORE", "WITH THE DRAFT", "FOR EXAMPLE")
        for group in groups {
            let change = group.change
            table.add(
                "\(group.count)", change.organization, change.county,
                Self.reason(change.reasonBefore, change.ruleBefore),
                Self.reason(change.reasonAfter, change.ruleAfter),
                group.requests.map(\.description).joined(separator: " "))
        }
        return table
    }

    private static func reason(_ reason: String, _ rule: String?) -> String {
        reason + (rule.map { " (\($0))" } ?? "")
    }

    /// A row for each group, as RFC 4180 has it; a first row of names.
    var csv: String {
        let rows = [
            [
                "change", "organization", "county", "reason_before", "rule_before", "reason_after", "rule_after",
                "requests", "examples",
            ]
        ]
        let lines = groups.map { group in
            let change = group.change
            return [
                change.kind.rawValue, change.organization, change.county, change.reasonBefore, change.ruleBefore ?? "",
                change.reasonAfter, change.ruleAfter ?? "", "\(group.count)",
                group.requests.map(\.description).joined(separator: " "),
            ]
        }
        return (rows + lines).map { $0.map(Self.field).joined(separator: ",") + "\r\n" }.joined()
    }

    /// A field that a spreadsheet would take for a formula gets an apostrophe before it.
    private static func field(_ value: String) -> String {
        let safe = value.first.map("=+-@\t\r".contains) == true ? "'" + value : value
        guard safe.unicodeScalars.contains(where: { ",\"\r\n".unicodeScalars.contains($0) }) else { return safe }
        return "\"" + safe.replacing("\"", with: "\"\"") + "\""
    }

    var json: JSON { JSON(self, groups) }

    struct JSON: Encodable {
        var coverageVersion: String
        var compared: Int
        var undecided: Int
        var decidedByPeople: Int
        var withoutRules: [String: Int]
        var totals: [String: Int]
        var groups: [Group]

        struct Group: Encodable {
            var change: DecisionChange.Kind
            var organization: String
            var county: String
            var reasonBefore: String
            var ruleBefore: String?
            var reasonAfter: String
            var ruleAfter: String?
            var requests: Int
            var examples: [RequestID]
        }

        fileprivate init(_ report: CoverageDiffReport, _ groups: [DecisionComparison.Group]) {
            let comparison = report.comparison
            coverageVersion = report.draft.coverageVersion
            compared = comparison.compared
            undecided = comparison.undecided
            decidedByPeople = comparison.decidedByPeople
            withoutRules = comparison.withoutRules
            totals = Dictionary(
                uniqueKeysWithValues: DecisionChange.Kind.allCases.map { ($0.rawValue, comparison.count($0)) })
            self.groups = groups.map { group in
                let change = group.change
                return Group(
                    change: change.kind, organization: change.organization, county: change.county,
                    reasonBefore: change.reasonBefore, ruleBefore: change.ruleBefore, reasonAfter: change.reasonAfter,
                    ruleAfter: change.ruleAfter, requests: group.count, examples: group.requests)
            }
        }
    }
}
