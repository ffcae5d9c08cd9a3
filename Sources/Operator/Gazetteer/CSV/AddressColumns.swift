import AddressTable
import Contracts
import Terminal

/// Which column of a file is what, by its header: in any order and case, other columns are passed over. Several columns
/// may have one meaning (`CITY` beside `MUNICIPALITY`): the one whose name says most counts, and where a row has
/// nothing in it the next.
struct AddressColumns: Equatable {
    enum Meaning: Int, CaseIterable {
        case longitude, latitude, number, numberPrefix, numberSuffix
        /// The street with all its parts, and one that may lack those which have columns of their own.
        case fullStreet, street
        case preModifier, preDirectional, preType, preSeparator, postType, postDirectional, postModifier
        /// House number and street in one column; used where there is none of a street.
        case line
        case city, state, zip
    }

    private var columns = [[Int]](repeating: [], count: Meaning.allCases.count)
    /// Columns whose name is that of other things too.
    private var vague: Set<Int> = []
    /// What a street and its place are read from.
    private(set) var ofStreet: [Int] = []
    let count: Int

    /// - Throws: `CommandError` when two columns have one name.
    init(header: CSVRow, file: String) throws(CommandError) {
        count = header.count
        var found: [(meaning: Meaning, rank: Int, index: Int)] = []
        var names: [String: Int] = [:]
        let header = (0..<header.count).map { String(decoding: header[$0], as: UTF8.self) }
        let haveCodes = AddressColumnNames.haveCodes(header)
        for (index, name) in header.enumerated() {
            guard let known = AddressColumnNames.meaning(of: name), !known.isCode || haveCodes else { continue }
            let plain = AddressColumnNames.plain(name)
            if let before = names[plain] {
                throw CommandError("\(file): columns \(before + 1) and \(index + 1) of the header have the same name")
            }
            names[plain] = index
            found.append((known.meaning, known.rank, index))
            if known.isVague { vague.insert(index) }
        }
        for (meaning, _, index) in found.sorted(by: { ($0.rank, $0.index) < ($1.rank, $1.index) }) {
            columns[meaning.rawValue].append(index)
        }
        ofStreet = Self.streetMeanings.flatMap { columns[$0.rawValue] }
    }

    /// Lines that may stand above the header: a title, a date, `sep=;`.
    private static let mostAbove = 10

    /// The columns of a file, by the first of its lines that names one.
    /// - Throws: `CommandError` when there is none.
    static func header(of reader: inout any RowReader, file: String) throws -> AddressColumns {
        var first: AddressColumns?
        for _ in 0...mostAbove {
            guard try reader.next() else { break }
            if reader.row.isBlank { continue }
            guard reader.row.problem == nil else { throw CommandError("\(file): the header is no row of CSV") }
            let columns = try AddressColumns(header: reader.row, file: file)
            if columns.columns.contains(where: { !$0.isEmpty }) { return columns }
            first = first ?? columns
        }
        guard let first else { throw CommandError("\(file) is empty") }
        return first
    }

    /// The column of a meaning whose name says most.
    subscript(_ meaning: Meaning) -> Int? { columns[meaning.rawValue].first }

    /// What the row says; empty for nothing.
    func value(
        _ meaning: Meaning, _ row: CSVRow, _ changes: inout ImportSummary.Changes
    ) -> ArraySlice<UInt8> {
        for column in columns[meaning.rawValue] {
            let value = AddressRow.value(row[column], &changes)
            guard !value.isEmpty else { continue }
            if vague.contains(column), !AddressColumnNames.isUnderstood(String(decoding: value, as: UTF8.self), meaning)
            {
                continue
            }
            return value
        }
        return []
    }

    private static let streetMeanings: [Meaning] = [
        .fullStreet, .street, .preModifier, .preDirectional, .preType, .preSeparator, .postType, .postDirectional,
        .postModifier, .city, .state,
    ]

    /// Whether the row has a street in columns of its own.
    func hasStreet(_ row: CSVRow) -> Bool {
        func isThere(_ column: Int) -> Bool { !AddressRow.isBlank(row[column]) }
        return columns[Meaning.fullStreet.rawValue].contains(where: isThere)
            || columns[Meaning.street.rawValue].contains(where: isThere)
    }

    /// Whether the row has neither a street nor a number: a point without an address, as parcels are.
    func hasNoAddress(_ row: CSVRow) -> Bool {
        let parts: [Meaning] = [.fullStreet, .street, .line]
        guard !hasStreet(row), parts.allSatisfy({ columns[$0.rawValue].allSatisfy { AddressRow.isBlank(row[$0]) } })
        else { return false }
        return columns[Meaning.number.rawValue].allSatisfy { AddressRow.isNoNumber(row[$0]) }
    }

    /// The street that the row names: whole, or of its parts.
    func street(_ row: CSVRow, _ changes: inout ImportSummary.Changes) throws(AddressRow.Malformed) -> String {
        let whole = value(.fullStreet, row, &changes)
        if !whole.isEmpty { return try StreetReader.text(whole) }
        var parts = StreetParts(name: try StreetReader.text(value(.street, row, &changes)))
        guard !parts.name.isEmpty else { return "" }
        for (meaning, part) in Self.parts {
            let value = value(meaning, row, &changes)
            if !value.isEmpty { parts[keyPath: part] = try StreetReader.text(value) }
        }
        return parts.text
    }

    private static let parts: [(Meaning, any WritableKeyPath<StreetParts, String> & Sendable)] = [
        (.preModifier, \.preModifier), (.preDirectional, \.preDirectional), (.preType, \.preType),
        (.preSeparator, \.preSeparator), (.postType, \.postType), (.postDirectional, \.postDirectional),
        (.postModifier, \.postModifier),
    ]

    /// - Throws: `CommandError` unless there is what an import needs.
    func checkForImport(file: String) throws(CommandError) {
        var missing: [String] = []
        if self[.longitude] == nil { missing.append("lon") }
        if self[.latitude] == nil { missing.append("lat") }
        let hasStreet = self[.street] != nil || self[.fullStreet] != nil
        if !hasStreet, self[.line] == nil { missing.append("street") }
        if self[.number] == nil, hasStreet { missing.append("number") }
        guard missing.isEmpty else {
            throw CommandError("\(file): the header lacks \(missing.joined(separator: ", "))")
        }
    }
}
