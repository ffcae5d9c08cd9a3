import Contracts

@testable import DecisionService
@testable import IngestService
@testable import Operator

extension Harness {
    static let csv = Harness(
        "csv", "tables of addresses and of ZIPs; pieces change nothing, and cells that we write are read again"
    ) { input in
        let bytes = input.bytes
        let pieces = input.pieces()
        let whole = rows(of: [bytes])
        demand(rows(of: [pieces.flatMap { $0 }]) == rows(of: pieces), "pieces change nothing")
        let zips = ZIPTableFile(bytes)
        demand(!zips.zips.isEmpty || !zips.problems.isEmpty, "ZIPs, or why not")

        // What we write, another reader takes apart as it was meant.
        let cells = whole.prefix(8).map { $0.map { String(decoding: $0, as: UTF8.self) } }
        var text = CSVText()
        // A byte order mark in a cell is none of the file's.
        text.row([.own("header")])
        for row in cells where !row.isEmpty { text.row(row.map { .own($0) }) }
        let meant = cells.filter { !$0.isEmpty }.map { $0.map { Array($0.utf8) } }
        let length = meant.map { $0.map(\.count).max() ?? 0 }.max() ?? 0
        guard length < 1000 else { return }
        demand(Array(rows(of: [text.bytes]).dropFirst()) == meant, "the cells that were written")
    }

    /// Fields of all rows that are well-formed.
    private static func rows(of pieces: [[UInt8]]) -> [[[UInt8]]] {
        // An empty piece is the file's end.
        var left = pieces.filter { !$0.isEmpty }[...]
        var rows: [[[UInt8]]] = []
        do {
            var reader = try CSVReader { left.popFirst() ?? [] }
            while try reader.next() {
                let row = reader.row
                if row.problem == nil { rows.append((0..<row.count).map { Array(row[$0]) }) }
            }
            if rows.first != nil, let columns = try? AddressColumns(header: reader.row, file: "fuzz") {
                _ = try? columns.checkForImport(file: "fuzz")
            }
        } catch {
            fatalError("a reader of memory fails: \(error)")
        }
        return rows
    }
}
