/// Collects everything that is wrong with a coverage file, each with its YAML path and line.
struct CoverageProblems {
    private(set) var list: [String] = []

    mutating func add(path: String, line: Int?, _ problem: String) {
        let place = path.isEmpty ? "the file" : path
        list.append(line.map { "\(place) (line \($0)): \(problem)" } ?? "\(place): \(problem)")
    }

    /// A value of the file as a problem quotes it: short, and on one line.
    static func shown(_ value: String) -> String {
        let line = value.map { $0.isNewline || $0.unicodeScalars.contains { $0.value < 0x20 } ? " " : $0 }
        return line.count > 40 ? String(line.prefix(40)) + "…" : String(line)
    }
}
