import Contracts

/// What an import has read.
struct ImportSummary: Sendable, Equatable {
    /// Rows of all files, without headers and empty lines.
    var rows = 0
    var malformed: [MalformedRow.Reason: Int] = [:]
    /// The first of them.
    var examples: [MalformedRow] = []
    /// Known when all is written.
    var streets = 0
    var houses = 0
    var duplicates = 0

    var malformedCount: Int { malformed.values.reduce(0, +) }
    /// Per cent of the rows.
    var malformedShare: Double { rows == 0 ? 0 : 100 * Double(malformedCount) / Double(rows) }

    mutating func add(_ row: MalformedRow, keeping most: Int) {
        malformed[row.reason, default: 0] += 1
        if examples.count < most { examples.append(row) }
    }

    /// For people.
    var text: String {
        var table = TextTable(numeric: [1])
        table.add("rows read", "\(rows)")
        // An import that was refused has made none.
        if houses > 0 { table.add("houses", "\(houses)", "on \(streets) streets") }
        table.add(
            "duplicate", "\(duplicates)", duplicates == 0 ? "" : "same house again, as its flats are; the first counts")
        let tenths = Int((malformedShare * 10).rounded())
        table.add("malformed", "\(malformedCount)", malformedCount == 0 ? "" : "\(tenths / 10).\(tenths % 10) %")
        var lines = table.lines
        var reasons = TextTable(numeric: [0])
        for reason in MalformedRow.Reason.allCases {
            if let count = malformed[reason] { reasons.add("\(count)", reason.rawValue) }
        }
        lines += reasons.lines.map { "  " + $0 }
        if !examples.isEmpty {
            lines.append(examples.count < malformedCount ? "the first \(examples.count):" : "namely:")
        }
        lines += examples.map { "  \($0.file):\($0.line): \($0.reason.rawValue)" }
        return lines.map(PrintableText.of).joined(separator: "\n") + "\n"
    }
}
