import AddressTable
import Contracts
import Terminal

/// Reads files of rows into a new address table. Blocks: for a thread of its own.
struct AddressImport {
    /// Too many rows were malformed, or none could be taken: nothing was replaced.
    struct Refused: Error {
        var summary: ImportSummary
        /// One clause for the operator.
        var reason: String
    }

    var files: [String]
    var output: String
    /// For rows that do not say where they are.
    var defaults = StreetReader.Defaults()
    /// Per cent of the rows.
    var mostMalformed: Double
    /// How many malformed rows are listed.
    var listed: Int

    /// - Throws: `CommandError` for a file that is none of addresses, `AddressTableError` when the table cannot be
    ///   written, `Refused`.
    func run(_ progress: ImportProgress) throws -> ImportSummary {
        // All are opened before the first is read: a name that is wrong is found at once.
        let inputs = try files.map { try CSVFile(path: $0) }
        var summary = ImportSummary()
        let outcome = try AddressTableWriter(path: output).write { filling in
            for input in inputs { try read(input, into: filling, &summary, progress) }
            progress.read(rows: summary.rows)
            try check(summary)
            progress.sort()
        }
        (summary.streets, summary.houses) = (outcome.streets, outcome.houses)
        (summary.duplicates, summary.doubtful) = (outcome.duplicates, outcome.doubtful)
        return summary
    }

    private func check(_ summary: ImportSummary) throws(Refused) {
        guard summary.malformedCount < summary.rows else {
            throw Refused(summary: summary, reason: summary.rows == 0 ? "there is no row" : "no row could be taken")
        }
        guard summary.malformedShare <= mostMalformed else {
            throw Refused(summary: summary, reason: "more than \(mostMalformed) % of the rows are malformed")
        }
    }

    private func read(
        _ input: CSVFile, into filling: AddressTableFilling, _ summary: inout ImportSummary,
        _ progress: ImportProgress
    ) throws {
        var reader = try input.rowReader { progress.read(bytes: $0) }
        let columns = try AddressColumns.header(of: &reader, file: input.path)
        try columns.checkForImport(file: input.path)
        var streets = StreetReader(defaults: defaults)
        while try reader.next() {
            var row = reader.row
            if row.isBlank { continue }
            if row.hasNothing || row.problem == nil && row.count == columns.count && columns.hasNoAddress(row) {
                summary.empty += 1
                continue
            }
            summary.rows += 1
            if summary.rows.isMultiple(of: 8192) { progress.read(rows: summary.rows) }
            do {
                if row.problem == nil {
                    if row.count < columns.count { summary.changes[.shortRow, default: 0] += 1 }
                    guard row.fit(columns.count) else { throw AddressRow.Malformed(reason: .fields) }
                }
                try take(row, columns, &streets, filling, &summary.changes)
            } catch let malformed as AddressRow.Malformed {
                summary.add(
                    MalformedRow(file: input.path, line: row.line, reason: malformed.reason), keeping: listed)
            }
        }
    }

    private func take(
        _ row: CSVRow, _ columns: AddressColumns, _ streets: inout StreetReader,
        _ filling: AddressTableFilling, _ changes: inout ImportSummary.Changes
    ) throws {
        if let problem = row.problem { throw AddressRow.Malformed(reason: Self.reason(problem)) }
        let isLine = columns[.line] != nil && !columns.hasStreet(row)
        let house = try AddressRow(row, columns: columns, isLine: isLine, changes: &changes)
        let line = isLine ? try self.line(row, columns, zip: house.zip) : nil
        let street = try streets.street(of: house, row, columns, line: line, filling, changes: &changes)
        let number = try house.number(line: line, zip: street.zip, state: street.state, changes: &changes)
        try filling.add(number, street: street.id, latitude: house.latitude, longitude: house.longitude)
    }

    /// House number and street in one column. What the line repeats of its row's place is no part of the street.
    private func line(
        _ row: CSVRow, _ columns: AddressColumns, zip: Int
    ) throws(AddressRow.Malformed) -> StreetLine {
        // Counted where the street is read.
        var uncounted: ImportSummary.Changes = [:]
        let state = try StreetReader.state(row, columns, &uncounted)
        let city = try StreetReader.city(row, columns, &uncounted)
        let number = zip > 0 ? zip : defaults.zip
        let text = try StreetReader.text(columns.value(.line, row, &uncounted))
        guard
            let line = StreetLine(
                text, city: city.isEmpty ? defaults.city : city, state: state.isEmpty ? defaults.state ?? "" : state,
                zip: number == 0 ? "" : "\(number)".zeroPadded(to: 5))
        else { throw AddressRow.Malformed(reason: .noStreet) }
        return line
    }

    private static func reason(_ problem: CSVRow.Problem) -> MalformedRow.Reason {
        switch problem {
        case .afterQuote: .afterQuote
        case .openQuote: .openQuote
        case .tooLong: .tooLong
        case .noFeature: .noFeature
        }
    }
}
