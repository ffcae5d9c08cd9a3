import AddressTable
import Contracts

/// Reads the street of a row, each spelling once: a street's houses come one after the other in most files.
struct StreetReader {
    /// Spellings that are remembered, about 30 MB.
    private static let remembered = 150_000

    /// USPS code; for files that do not say the state.
    let standardState: String?
    private var known: [[UInt8]: Int64] = [:]

    init(standardState: String?) { self.standardState = standardState }

    /// The number of the row's street in the table.
    mutating func street(
        _ row: CSVRow, _ columns: AddressColumns, line: StreetLine?, zip: Int,
        _ filling: AddressTableFilling
    ) throws -> Int64 {
        guard line == nil else { return try read(row, columns, line, zip, filling) }
        var key: [UInt8] = []
        for column in [columns.street, columns.city, columns.state] {
            if let column { key += row[column] }
            key.append(0)
        }
        withUnsafeBytes(of: zip) { key += $0 }
        if let id = known[key] { return id }
        let id = try read(row, columns, nil, zip, filling)
        if known.count == Self.remembered { known.removeAll(keepingCapacity: true) }
        known[key] = id
        return id
    }

    private func read(
        _ row: CSVRow, _ columns: AddressColumns, _ line: StreetLine?, _ zip: Int,
        _ filling: AddressTableFilling
    ) throws -> Int64 {
        var street = line?.street
        if street == nil, let column = columns.street { street = StreetName(try Self.text(row[column])) }
        guard let street else { throw AddressRow.Malformed(reason: .noStreet) }
        var state = standardState ?? ""
        if let column = columns.state, !AddressRow.isBlank(row[column]) {
            guard let code = USState.code(written: try Self.text(row[column])) else {
                throw AddressRow.Malformed(reason: .badState)
            }
            state = code
        }
        let city = try columns.city.map { AddressQuestion.city(try Self.text(row[$0]), state: state) } ?? ""
        guard zip > 0 || (!city.isEmpty && !state.isEmpty) else { throw AddressRow.Malformed(reason: .noPlace) }
        return try filling.street(street, in: AddressTableFilling.Place(zip: zip, state: state, city: city))
    }

    static func text(_ field: ArraySlice<UInt8>) throws(AddressRow.Malformed) -> String {
        guard let text = String(validating: field, as: UTF8.self) else { throw AddressRow.Malformed(reason: .notUTF8) }
        return text
    }
}
