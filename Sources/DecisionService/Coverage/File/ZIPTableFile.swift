import Contracts
import ServiceRuntime

/// The ZIPs of a CSV file (RFC 4180): its only column, or the one that its first row calls `zip`. Empty lines are
/// passed over, and a ZIP may stand several times: tables of this kind are exports.
struct ZIPTableFile: Sendable {
    private(set) var zips: [String] = []
    /// What is wrong, each with its line.
    private(set) var problems: [String] = []

    init(_ bytes: [UInt8]) {
        guard String(validating: bytes, as: UTF8.self) != nil else {
            problems = ["which is not UTF-8"]
            return
        }
        var reader = CSVReader(bytes: bytes)
        var column: Int?
        var width = 1
        // It has all bytes, and so nothing to throw.
        while (try? reader.next()) == true {
            let row = reader.row
            if row.isBlank { continue }
            if let problem = row.problem {
                problems.append("line \(row.line): \(Self.words(problem))")
                return
            }
            if column == nil {
                width = row.count
                let named = (0..<width).first { row.text($0).lowercased() == "zip" }
                guard named != nil || width == 1 else {
                    problems.append("line \(row.line): has \(width) columns, and none is called zip")
                    return
                }
                column = named ?? 0
                if named != nil { continue }
            }
            add(row, column: column ?? 0, width: width)
        }
        if zips.isEmpty, problems.isEmpty { problems.append("which holds no ZIP") }
    }

    private static func words(_ problem: CSVRow.Problem) -> String {
        switch problem {
        case .openQuote: "a quotation mark is never closed"
        case .afterQuote: "has text behind a closing quotation mark"
        case .tooLong, .noFeature: "is longer than \(CSVReader.longestRow) bytes"
        }
    }

    private mutating func add(_ row: CSVRow, column: Int, width: Int) {
        guard row.count == width else {
            problems.append("line \(row.line): has \(row.count) columns instead of \(width)")
            return
        }
        let zip = row.text(column)
        if BlockReader.isZIP(zip) {
            zips.append(zip)
        } else {
            let isShort = (3...4).contains(zip.utf8.count) && BlockReader.isDigits(zip)
            problems.append(
                "line \(row.line): \(CoverageProblems.quoted(zip)) is not a five-digit ZIP"
                    + (isShort ? ": has a spreadsheet dropped leading zeros?" : ""))
        }
    }
}
