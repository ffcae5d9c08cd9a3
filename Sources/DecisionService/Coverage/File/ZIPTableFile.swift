import Contracts
import ServiceRuntime

/// The ZIPs of a CSV file (RFC 4180): its only column, or the one that its first row calls `zip`, in one of the ways in
/// which people do. Empty lines and rows of commas are passed over, and a ZIP may stand several times: tables of this
/// kind are exports.
struct ZIPTableFile: Sendable {
    private(set) var zips: [String] = []
    /// What is wrong, each with its line.
    private(set) var problems: [String] = []
    /// Rows that hold nothing but commas, as spreadsheets write those that are not used.
    private(set) var emptyRows = 0

    /// In letters and digits alone.
    private static let names: Set = [
        "zip", "zipcode", "zips", "zipcodes", "zip5", "postcode", "postalcode", "zcta", "zcta5",
    ]

    private static func isName(_ text: String) -> Bool {
        names.contains(text.lowercased().filter { $0.isLetter || $0.isNumber })
    }

    /// What was passed over, for whoever looks after the file.
    var warnings: [String] {
        switch emptyRows {
        case 0: []
        case 1: ["a row holds nothing but commas, and was passed over"]
        default: ["\(emptyRows) rows hold nothing but commas, and were passed over"]
        }
    }

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
            if row.hasNothing {
                emptyRows += 1
                continue
            }
            if let problem = row.problem {
                problems.append("line \(row.line): \(Self.words(problem))")
                return
            }
            if column == nil {
                width = row.count
                let named = (0..<width).first { Self.isName(row.text($0)) }
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
