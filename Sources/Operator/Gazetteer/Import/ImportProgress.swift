import Contracts
import Synchronization
import Terminal

/// How far an import is: told by the thread that reads, asked by the one that shows.
final class ImportProgress: Sendable {
    struct Snapshot: ShownProgress {
        var rows = 0
        var bytes = 0
        /// `nil` when standard input is read.
        var length: Int?
        var isSorting = false

        var line: String {
            if isSorting { return "\(rows) rows read, sorting" }
            guard let length, length > 0 else { return "\(rows) rows" }
            return "\(rows) rows, \(min(100, 100 * bytes / length)) %"
        }

        var bar: String {
            guard let length, length > 0 else { return line }
            let done = min(30, 30 * bytes / length)
            return "[\(String(repeating: "#", count: done))\(String(repeating: "-", count: 30 - done))] \(line)"
        }
    }

    private let state: Mutex<Snapshot>

    init(length: Int?) { state = Mutex(Snapshot(length: length)) }

    var snapshot: Snapshot { state.withLock { $0 } }

    func read(bytes: Int) { state.withLock { $0.bytes += bytes } }
    func read(rows: Int) { state.withLock { $0.rows = rows } }
    func sort() { state.withLock { $0.isSorting = true } }
}

/// What an import has read.
struct ImportSummary: Sendable, Equatable {
    /// What was understood in another way than it is written.
    enum Change: String, Sendable, CaseIterable {
        case shortRow = "rows with fewer fields than the header; the rest is empty"
        case none = "fields that say NULL or the like; taken for empty"
        case decimals = "house numbers or ZIPs written as 901.0"
        case thousands = "house numbers written as 1,901"
        case powers = "house numbers written as 9.01E+02"
        case numberInWords = "house numbers in words"
        case zeros = "ZIPs without their leading zeros"
        case given = "rows that lack a city, state or ZIP; given by --city, --state, --zip"
        case filled = "rows that lack a place; filled from the gazetteer by the point"
    }

    typealias Changes = [Change: Int]

    /// Rows of all files, without headers, empty lines, and rows with no address in them.
    var rows = 0
    /// Rows with nothing in them: commas alone.
    var empty = 0
    var changes: Changes = [:]
    var malformed: [MalformedRow.Reason: Int] = [:]
    /// The first of them.
    var examples: [MalformedRow] = []
    /// Known when all is written.
    var streets = 0
    var houses = 0
    var duplicates = 0
    var doubtful = 0

    var malformedCount: Int { malformed.values.reduce(0, +) }
    /// Per cent of the rows.
    var malformedShare: Double { rows == 0 ? 0 : 100 * Double(malformedCount) / Double(rows) }

    mutating func add(_ row: MalformedRow, keeping most: Int) {
        malformed[row.reason, default: 0] += 1
        if examples.count < most { examples.append(row) }
    }

    /// What `--json` prints.
    struct JSON: Encodable {
        struct Row: Encodable {
            var file: String
            var line: Int
            var reason: String
        }

        var rows: Int
        var streets: Int
        var houses: Int
        var duplicates: Int
        var doubtful: Int
        var empty: Int
        /// How many, by what is wrong with them.
        var malformed: [String: Int]
        /// The first of them.
        var examples: [Row]
        /// How many were read otherwise than they are written, by how.
        var changes: [String: Int]
    }

    var json: JSON {
        JSON(
            rows: rows, streets: streets, houses: houses, duplicates: duplicates, doubtful: doubtful, empty: empty,
            malformed: Dictionary(uniqueKeysWithValues: malformed.map { ($0.key.rawValue, $0.value) }),
            examples: examples.map { JSON.Row(file: $0.file, line: $0.line, reason: $0.reason.rawValue) },
            changes: Dictionary(uniqueKeysWithValues: changes.map { ($0.key.rawValue, $0.value) }))
    }

    /// For people.
    var text: String {
        var table = TextTable(numeric: [1])
        table.add("rows read", "\(rows)")
        // An import that was refused has made none.
        if houses > 0 { table.add("houses", "\(houses)", "on \(streets) streets") }
        table.add(
            "duplicate", "\(duplicates)", duplicates == 0 ? "" : "same house again, as its flats are; the first counts")
        if doubtful > 0 {
            table.add("doubtful", "\(doubtful)", "houses at two places more than 500 m apart; no answer")
        }
        if empty > 0 { table.add("skipped", "\(empty)", "rows with no address in them") }
        let tenths = Int((malformedShare * 10).rounded())
        table.add("malformed", "\(malformedCount)", malformedCount == 0 ? "" : "\(tenths / 10).\(tenths % 10) %")
        var lines = table.lines
        var reasons = TextTable(numeric: [0])
        for reason in MalformedRow.Reason.allCases {
            if let count = malformed[reason] { reasons.add("\(count)", reason.rawValue) }
        }
        lines += reasons.lines.map { "  " + $0 }
        lines += changed
        if !examples.isEmpty {
            lines.append(examples.count < malformedCount ? "the first \(examples.count):" : "namely:")
        }
        lines += examples.map { "  \($0.file):\($0.line): \($0.reason.rawValue)" }
        return lines.map(PrintableText.of).joined(separator: "\n") + "\n"
    }

    private var changed: [String] {
        var table = TextTable(numeric: [0])
        for change in Change.allCases {
            if let count = changes[change] { table.add("\(count)", change.rawValue) }
        }
        return table.lines.isEmpty ? [] : ["read otherwise than written"] + table.lines.map { "  " + $0 }
    }
}
