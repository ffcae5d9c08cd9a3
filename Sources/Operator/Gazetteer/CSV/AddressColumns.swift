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
        for index in 0..<header.count {
            let name = AddressColumnNames.plain(String(decoding: header[index], as: UTF8.self))
            guard let (meaning, rank) = AddressColumnNames.meaning(plain: name) else { continue }
            if let before = names[name] {
                throw CommandError("\(file): columns \(before + 1) and \(index + 1) of the header have the same name")
            }
            names[name] = index
            found.append((meaning, rank, index))
            if AddressColumnNames.vague.contains(name) { vague.insert(index) }
        }
        for (meaning, _, index) in found.sorted(by: { ($0.rank, $0.index) < ($1.rank, $1.index) }) {
            columns[meaning.rawValue].append(index)
        }
        ofStreet = Self.streetMeanings.flatMap { columns[$0.rawValue] }
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
