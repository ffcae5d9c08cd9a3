import Contracts

/// Columns for a terminal.
package struct TextTable: Sendable {
    /// Columns that are aligned to the right: numbers.
    package var numeric: Set<Int> = []
    private var rows: [[String]] = []

    package init(numeric: Set<Int> = []) { self.numeric = numeric }

    /// - Parameter cells: of anybody's; what would steer the terminal is replaced.
    package mutating func add(_ cells: String...) { add(row: cells) }

    /// The same for a row whose cells are not known one by one.
    package mutating func add(row cells: [String]) { rows.append(cells.map(PrintableText.of)) }

    /// A line for each row, none with blanks at its end.
    package var lines: [String] {
        let count = rows.map(\.count).max() ?? 0
        let widths = (0..<count).map { column in
            rows.map { column < $0.count ? $0[column].count : 0 }.max() ?? 0
        }
        return rows.map { row in
            var line = ""
            for (column, cell) in row.enumerated() {
                let padding = String(repeating: " ", count: widths[column] - cell.count)
                line += (column == 0 ? "" : "  ") + (numeric.contains(column) ? padding + cell : cell + padding)
            }
            while line.last == " " { line.removeLast() }
            return line
        }
    }
}
