/// Collects everything that is wrong with a coverage file, each with its YAML path and line.
struct CoverageProblems {
    /// So many of one file's mistakes are told; who has exported a wrong table does not want each of its lines.
    static let shownOfAFile = 20

    private(set) var list: [String] = []

    mutating func add(path: String, line: Int?, _ problem: String) {
        let place = path.isEmpty ? "the file" : path
        list.append(line.map { "\(place) (line \($0)): \(problem)" } ?? "\(place): \(problem)")
    }

    /// Adds what is wrong with a file that is named at the path.
    mutating func add(path: String, line: Int?, file: String, _ problems: [String]) {
        let name = Self.shown(file)
        for problem in problems.prefix(Self.shownOfAFile) { add(path: path, line: line, "\(name), \(problem)") }
        let rest = problems.count - Self.shownOfAFile
        if rest > 0 { add(path: path, line: line, "\(name) has \(rest) more such problem\(rest == 1 ? "" : "s")") }
    }

    /// A value of the file as a problem quotes it: short, and on one line.
    static func shown(_ value: String) -> String {
        let line = value.map { $0.isNewline || $0.unicodeScalars.contains { $0.value < 0x20 } ? " " : $0 }
        return line.count > 40 ? String(line.prefix(40)) + "…" : String(line)
    }

    /// The same between marks.
    static func quoted(_ value: String) -> String { "`\(shown(value))`" }
}
