import AddressTable
import Contracts
import Foundation
import Places

/// What a row says of a house, checked. Its street stays as it is: most rows have one that has been read before.
struct AddressRow {
    /// Why a row is not taken.
    struct Malformed: Error {
        var reason: MalformedRow.Reason
    }

    var latitude: Double
    var longitude: Double
    /// 0 for none.
    var zip: Int
    private let field: ArraySlice<UInt8>?

    /// - Parameters:
    ///   - isLine: whether number and street stand in one column.
    ///   - changes: counted up for what was understood in another way than it is written.
    init(
        _ row: CSVRow, columns: AddressColumns, isLine: Bool, changes: inout ImportSummary.Changes
    ) throws(Malformed) {
        guard let longitude = columns[.longitude], let latitude = columns[.latitude] else {
            throw Malformed(reason: .noCoordinates)
        }
        (self.latitude, self.longitude) = try Self.point(row[latitude], row[longitude])
        zip = try Self.zip(columns.value(.zip, row, &changes), &changes)
        field = isLine ? nil : Self.number(row, columns, &changes)
        if let field, field.allSatisfy({ $0 == UInt8(ascii: "0") }) { throw Malformed(reason: .noNumber) }
    }

    /// The number with what stands before and behind it in columns of their own.
    private static func number(
        _ row: CSVRow, _ columns: AddressColumns, _ changes: inout ImportSummary.Changes
    ) -> ArraySlice<UInt8> {
        let number = columns.value(.number, row, &changes)
        // A column for the whole number has them already.
        guard columns[.numberPrefix] != nil || columns[.numberSuffix] != nil, number.allSatisfy({ isDigit($0) }),
            !number.isEmpty
        else { return number }
        let prefix = columns.value(.numberPrefix, row, &changes)
        let suffix = columns.value(.numberSuffix, row, &changes)
        if prefix.isEmpty, suffix.isEmpty { return number }
        return (prefix + number + (suffix.isEmpty ? [] : [UInt8(ascii: " ")] + suffix))[...]
    }

    /// The house's number: of its column, or of the line that has number and street.
    /// - Parameter line: of a file that has number and street in one column, that column.
    func number(
        line: StreetLine?, zip: Int, state: String, changes: inout ImportSummary.Changes
    ) throws(Malformed) -> HouseNumber {
        guard let field else {
            guard let number = line?.number else { throw Malformed(reason: .noNumber) }
            return number
        }
        var number = 0
        // Nearly all are digits and nothing else.
        if field.count <= 8, field.allSatisfy({ Self.isDigit($0) }) {
            for byte in field { number = number * 10 + Int(byte & 0xF) }
            return HouseNumber(number: number)
        }
        guard let text = String(validating: field, as: UTF8.self) else { throw Malformed(reason: .notUTF8) }
        let joinsHyphens = HouseNumber.joinsHyphens(zip: zip, state: state)
        let (repaired, change) = Self.repaired(text)
        if let change { changes[change, default: 0] += 1 }
        guard field.count <= 32, let number = HouseNumber(repaired, joinsHyphens: joinsHyphens) else {
            throw Malformed(reason: Self.isNoNumber(field) ? .noNumber : .badNumber)
        }
        if !field.contains(where: Self.isDigit) { changes[.numberInWords, default: 0] += 1 }
        if field.contains(UInt8(ascii: ".")) { changes[.decimals, default: 0] += 1 }
        return number
    }

    /// A number as it was before a spreadsheet had it, where it can be only one: `1,901`, `9.01E+02`. `1-Sep` may have
    /// been `9-1` or `1-9`, and `1.2E+04` has lost its end.
    private static func repaired(_ text: String) -> (String, ImportSummary.Change?) {
        let groups = text.split(separator: ",", omittingEmptySubsequences: false)
        if groups.count == 2, (1...2).contains(groups[0].count), groups[1].count == 3, groups[0].first != "0",
            groups.joined().utf8.allSatisfy({ isDigit($0) })
        {
            return (groups.joined(), .thousands)
        }
        let power = text.uppercased().split(separator: "E+", omittingEmptySubsequences: false)
        if power.count == 2, let exponent = Int(foreign: power[1], in: 1...7),
            power[0].utf8.count == exponent + 2,
            case let digits = power[0].split(separator: "."), digits.count == 2, digits[0].count == 1,
            digits.joined().utf8.allSatisfy({ isDigit($0) })
        {
            return (digits.joined(), .powers)
        }
        return (text, nil)
    }

    private static func point(
        _ latitude: ArraySlice<UInt8>, _ longitude: ArraySlice<UInt8>
    ) throws(Malformed) -> (Double, Double) {
        if isMissing(latitude) || isMissing(longitude) {
            throw Malformed(reason: .noCoordinates)
        }
        guard let latitude = degrees(latitude), let longitude = degrees(longitude) else {
            throw Malformed(reason: .badCoordinates)
        }
        if latitude == 0, longitude == 0 { throw Malformed(reason: .noCoordinates) }
        // From American Samoa to Alaska, and from Guam over the antimeridian to the Virgin Islands.
        guard (-14.8...71.6).contains(latitude), (-180 ... -64).contains(longitude) || (144...180).contains(longitude)
        else { throw Malformed(reason: .outside) }
        return (latitude, longitude)
    }

    private static func degrees(_ field: ArraySlice<UInt8>) -> Double? {
        var field = trimmed(field)
        // `-95,3697`, as a spreadsheet of half the world's writes it.
        if let comma = field.firstIndex(of: UInt8(ascii: ",")), !field.contains(UInt8(ascii: ".")),
            field.distance(from: field.startIndex, to: comma) <= 4
        {
            field = field.prefix(upTo: comma) + [UInt8(ascii: ".")] + field.suffix(from: comma + 1)
        }
        guard field.count <= 40, let number = Double(String(decoding: field, as: UTF8.self)), number.isFinite
        else { return nil }
        return number
    }

    /// Empty and zeros are none. Spreadsheets drop leading zeros: four digits are one of the north-east's, three one of
    /// Puerto Rico's; and write `77002.0`.
    private static func zip(
        _ field: ArraySlice<UInt8>, _ changes: inout ImportSummary.Changes
    ) throws(Malformed) -> Int {
        // A spreadsheet's sign that it is text.
        var digits = field.first == UInt8(ascii: "'") ? field.dropFirst() : field
        if digits.suffix(2).elementsEqual(".0".utf8) {
            digits = digits.dropLast(2)
            changes[.decimals, default: 0] += 1
        }
        if digits.allSatisfy({ $0 == UInt8(ascii: "0") || $0 == UInt8(ascii: "-") }) { return 0 }
        let text = String(decoding: digits, as: UTF8.self)
        let isShort = (3...4).contains(digits.count)
        guard let zip = ZIPCode(isShort ? text.zeroPadded(to: 5) : text), zip.number > 0
        else {
            throw Malformed(reason: .badZIP)
        }
        if isShort { changes[.zeros, default: 0] += 1 }
        return Int(zip.number)
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }

    /// Whether a column says that there is no number: nothing, a word, 0, or `-999`, which programs put for it.
    static func isNoNumber(_ field: ArraySlice<UInt8>) -> Bool {
        let digits = trimmed(field)
        if !digits.contains(where: { (0x31...0x39).contains($0) }) { return true }
        return digits.first == UInt8(ascii: "-") && digits.dropFirst().starts(with: "999".utf8)
            && digits.dropFirst().allSatisfy { isDigit($0) }
    }

    static func isBlank(_ field: ArraySlice<UInt8>) -> Bool { field.allSatisfy { $0 == UInt8(ascii: " ") } }

    /// A field without blanks around it; empty where it says that there is nothing.
    static func value(_ field: ArraySlice<UInt8>, _ changes: inout ImportSummary.Changes) -> ArraySlice<UInt8> {
        let field = trimmed(field)
        guard !field.isEmpty, isNone(field) else { return field }
        changes[.none, default: 0] += 1
        return field.prefix(0)
    }

    /// `NaN` is no missing point, but one that was lost.
    private static func isMissing(_ field: ArraySlice<UInt8>) -> Bool {
        isBlank(field) || isNone(trimmed(field)) && field.count != 3
    }

    /// `NULL`, `None`, `NaN`, `N/A`, `<Null>`: what programs write for nothing.
    private static func isNone(_ field: ArraySlice<UInt8>) -> Bool {
        guard (2...7).contains(field.count), let first = field.first, "NnUu<-\\(#".utf8.contains(first) else {
            return false
        }
        return HouseNumber.none.contains(String(decoding: field, as: UTF8.self).uppercased())
    }

    private static func trimmed(_ field: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        var field = field
        while field.first == UInt8(ascii: " ") { field.removeFirst() }
        while field.last == UInt8(ascii: " ") { field.removeLast() }
        return field
    }
}

/// A row that was not taken, and why. Holds nothing of the row: it is somebody's address.
struct MalformedRow: Sendable, Equatable {
    enum Reason: String, Sendable, CaseIterable {
        case fields = "more fields than the header"
        case noFeature = "no GeoJSON feature"
        case afterQuote = "text behind a closing quote"
        case openQuote = "a quote that is never closed"
        case tooLong = "longer than 64 KiB: is a quote missing?"
        case notUTF8 = "not UTF-8"
        case noCoordinates = "no coordinates"
        case badCoordinates = "coordinates that are not numbers"
        case outside = "coordinates outside the United States"
        case noNumber = "no house number"
        case badNumber = "a house number that is none: has a spreadsheet made a date of it?"
        case noStreet = "no street"
        case badZIP = "a ZIP that is none"
        case badState = "a state that is none"
        case noPlace = "no ZIP, no city, and none near it in the gazetteer"
    }

    var file: String
    var line: Int
    var reason: Reason
}
