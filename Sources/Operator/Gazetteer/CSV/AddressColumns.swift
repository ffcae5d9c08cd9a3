import Contracts
import Terminal

/// Which column of a CSV file is what, by its header: in any order and case, other columns are passed over.
struct AddressColumns: Equatable {
    var longitude: Int?
    var latitude: Int?
    var number: Int?
    var street: Int?
    /// House number and street in one column; used where there is none of `street`.
    var line: Int?
    var city: Int?
    var state: Int?
    var zip: Int?
    let count: Int

    private static let names: [(any WritableKeyPath<AddressColumns, Int?> & Sendable, Set<String>)] = [
        (\.longitude, ["lon", "lng", "long", "longitude", "x"]),
        (\.latitude, ["lat", "latitude", "y"]),
        (\.number, ["number", "housenumber", "houseno", "addr:housenumber", "addnumber", "stnum", "housenum"]),
        (\.street, ["street", "streetname", "addr:street", "fullstreet", "stname", "stfullname"]),
        (\.line, ["address", "address1", "addressline1", "streetaddress", "fulladdress", "addrfull", "addr:full"]),
        (\.city, ["city", "town", "addr:city", "postcity", "municipality"]),
        (\.state, ["region", "state", "addr:state"]),
        (\.zip, ["postcode", "zip", "zipcode", "postalcode", "addr:postcode", "zip5"]),
    ]

    /// - Throws: `CommandError` when two columns have one meaning.
    init(header: CSVRow, file: String) throws(CommandError) {
        count = header.count
        for index in 0..<header.count {
            let name = Self.plain(String(decoding: header[index], as: UTF8.self))
            for (column, names) in Self.names where names.contains(name) {
                // Projected x and y beside degrees are common: the degrees count.
                if ["x", "y"].contains(name), self[keyPath: column] != nil { continue }
                if let before = self[keyPath: column],
                    !["x", "y"].contains(String(decoding: header[before], as: UTF8.self).lowercased())
                {
                    throw CommandError(
                        "\(file): columns \(before + 1) and \(index + 1) of the header have the same meaning")
                }
                self[keyPath: column] = index
            }
        }
    }

    /// The names that `GeoJSONReader` gives to the columns, with the meaning of each: a place in the list of names.
    static let standardNames = ["lon", "lat", "number", "street", "address", "city", "state", "zip"]

    /// Which of `standardNames` a property of a feature is; `nil` for none.
    static func meaning(of name: String) -> Int? {
        let name = plain(name)
        return names.firstIndex { $0.1.contains(name) }
    }

    private static func plain(_ name: String) -> String {
        name.lowercased().filter { !$0.isWhitespace && $0 != "_" && $0 != "-" }
    }

    /// - Throws: `CommandError` unless there is what an import needs.
    func checkForImport(file: String) throws(CommandError) {
        var missing: [String] = []
        if longitude == nil { missing.append("lon") }
        if latitude == nil { missing.append("lat") }
        if street == nil, line == nil { missing.append("street") }
        if number == nil, street != nil { missing.append("number") }
        guard missing.isEmpty else {
            throw CommandError("\(file): the header lacks \(missing.joined(separator: ", "))")
        }
    }
}
