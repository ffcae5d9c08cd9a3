import AddressTable
import Foundation
import Places

/// What a row says of a house, checked. The street stays as it is: most rows have one that has been read before.
struct AddressRow {
    /// Why a row is not taken.
    struct Malformed: Error {
        var reason: MalformedRow.Reason
    }

    var number: HouseNumber
    var latitude: Double
    var longitude: Double
    /// 0 for none.
    var zip: Int

    /// - Parameter line: of a file that has number and street in one column, that column.
    init(_ row: CSVRow, columns: AddressColumns, line: StreetLine?) throws(Malformed) {
        guard let longitude = columns.longitude, let latitude = columns.latitude else {
            throw Malformed(reason: .noCoordinates)
        }
        (self.latitude, self.longitude) = try Self.point(row[latitude], row[longitude])
        zip = 0
        if let column = columns.zip { zip = try Self.zip(row[column]) }
        if let column = columns.number, columns.street != nil {
            number = try Self.number(row[column])
        } else {
            guard let number = line?.number else { throw Malformed(reason: .noNumber) }
            self.number = number
        }
    }

    private static func point(
        _ latitude: ArraySlice<UInt8>, _ longitude: ArraySlice<UInt8>
    ) throws(Malformed) -> (Double, Double) {
        if isBlank(latitude) || isBlank(longitude) { throw Malformed(reason: .noCoordinates) }
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
        guard field.count <= 40, let number = Double(String(decoding: trimmed(field), as: UTF8.self)), number.isFinite
        else { return nil }
        return number
    }

    /// Empty and zeros are none. Spreadsheets drop leading zeros: four digits are one of the north-east's, three one of
    /// Puerto Rico's.
    private static func zip(_ field: ArraySlice<UInt8>) throws(Malformed) -> Int {
        let digits = trimmed(field)
        if digits.allSatisfy({ $0 == UInt8(ascii: "0") || $0 == UInt8(ascii: "-") }) { return 0 }
        let text = String(decoding: digits, as: UTF8.self)
        let zeros = (3...4).contains(digits.count) ? String(repeating: "0", count: 5 - digits.count) : ""
        guard let zip = ZIPCode(zeros + text), zip.number > 0 else {
            throw Malformed(reason: .badZIP)
        }
        return Int(zip.number)
    }

    private static func number(_ field: ArraySlice<UInt8>) throws(Malformed) -> HouseNumber {
        let field = trimmed(field)
        var number = 0
        // Nearly all are digits and nothing else.
        if field.count <= 8, field.allSatisfy({ isDigit($0) }) {
            for byte in field { number = number * 10 + Int(byte & 0xF) }
            guard number > 0 else { throw Malformed(reason: .noNumber) }
            return HouseNumber(number: number)
        }
        guard let text = String(validating: field, as: UTF8.self) else { throw Malformed(reason: .notUTF8) }
        guard field.count <= 32, let number = HouseNumber(text) else { throw Malformed(reason: .noNumber) }
        return number
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }

    static func isBlank(_ field: ArraySlice<UInt8>) -> Bool { field.allSatisfy { $0 == UInt8(ascii: " ") } }

    static func trimmed(_ field: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        var field = field
        while field.first == UInt8(ascii: " ") { field.removeFirst() }
        while field.last == UInt8(ascii: " ") { field.removeLast() }
        return field
    }
}
