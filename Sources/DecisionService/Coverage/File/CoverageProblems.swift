import ServiceRuntime
import Yams

/// Collects everything that is wrong with a coverage file, each with its YAML path and line.
struct CoverageProblems: YAMLReading {
    /// So many of one file's mistakes are told; who has exported a wrong table does not want each of its lines.
    static let shownOfAFile = 20

    var problems: [String] = []
    /// What was mended or left out, and does not keep the file from being taken.
    var warnings: [String] = []

    /// Adds what is wrong with a file that is named at the path.
    mutating func report(_ path: String, _ node: Node, file: String, _ problems: [String]) {
        let name = Self.shown(file)
        for problem in problems.prefix(Self.shownOfAFile) { report(path, node, "\(name), \(problem)") }
        let rest = problems.count - Self.shownOfAFile
        if rest > 0 { report(path, node, "\(name) has \(rest) more such problem\(rest == 1 ? "" : "s")") }
    }

    /// Adds a flaw that does not keep the file from being taken.
    mutating func warn(_ path: String, _ node: Node, _ warning: String) {
        // Worded as problems are, and kept apart from them.
        var told = CoverageProblems()
        told.report(path, node, warning)
        warnings += told.problems
    }

    /// Adds what was mended in a file that is named at the path.
    mutating func warn(_ path: String, _ node: Node, file: String, _ warnings: [String]) {
        var told = CoverageProblems()
        told.report(path, node, file: file, warnings)
        self.warnings += told.problems
    }

    /// A value of the file between marks, as a problem quotes it.
    static func quoted(_ value: String) -> String { "`\(shown(value))`" }
}
