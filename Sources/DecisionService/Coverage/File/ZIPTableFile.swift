import ServiceRuntime

/// The ZIPs of a CSV file (RFC 4180): its only column, or the one that its first row calls `zip`. Empty lines are passed
/// over, and a ZIP may stand several times: tables of this kind are exports.
struct ZIPTableFile: Sendable {
    private(set) var zips: [String] = []
    /// What is wrong, each with its line.
    private(set) var problems: [String] = []

    init(_ bytes: [UInt8]) {
        guard String(validating: bytes, as: UTF8.self) != nil else {
            problems = ["which is not UTF-8"]
            return
        }
        var rows = CSVRows(bytes)
        var column = 0
        var width = 1
        var isFirst = true
        while let row = rows.next() {
            if isFirst {
                isFirst = false
                width = row.fields.count
                if let named = row.fields.firstIndex(where: { $0.lowercased() == "zip" }) {
                    column = named
                    continue
                }
                guard width == 1 else {
                    problems.append("line \(row.line): has \(width) columns, and none is called zip")
                    return
                }
            }
            add(row, column: column, width: width)
        }
        if let line = rows.openQuote { problems.append("line \(line): a quotation mark is never closed") }
        if zips.isEmpty, problems.isEmpty { problems.append("which holds no ZIP") }
    }

    private mutating func add(_ row: CSVRows.Row, column: Int, width: Int) {
        guard row.fields.count == width else {
            problems.append("line \(row.line): has \(row.fields.count) columns instead of \(width)")
            return
        }
        let zip = row.fields[column]
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
