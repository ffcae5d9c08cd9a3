import Contracts
import GRDB

/// A table that is being filled. Not for several threads.
package final class AddressTableFilling {
    /// Where a street is.
    package struct Place: Hashable {
        /// 0 for none.
        package var zip: Int
        /// USPS code; empty for none.
        package var state: String
        /// As `PlaceName` makes it comparable; empty for none.
        package var city: String

        package init(zip: Int, state: String, city: String) {
            self.zip = zip
            self.state = state
            self.city = city
        }
    }

    private struct Key: Hashable {
        var place: Place
        var name: StreetName
    }

    /// Streets that are remembered, about 40 MB; the file has them all.
    private static let remembered = 200_000

    private let findStreet: Statement
    private let addStreet: Statement
    private let addHouse: Statement
    private let database: Database
    private var known: [Key: Int64] = [:]
    private var isKnownComplete = true
    private(set) var streets = 0
    private(set) var houses = 0

    init(database: Database) throws {
        self.database = database
        findStreet = try database.makeStatement(
            sql: """
                SELECT id FROM street WHERE zip = ? AND name = ? AND state = ? AND city = ? AND before = ? AND suffix = ?
                    AND after = ?
                """)
        addStreet = try database.makeStatement(
            sql: "INSERT INTO street (zip, state, city, name, before, suffix, after) VALUES (?, ?, ?, ?, ?, ?, ?)")
        addHouse = try database.makeStatement(sql: "INSERT INTO arrived VALUES (?, ?, ?, ?, ?)")
    }

    /// The street's number in this table; a new one the first time.
    package func street(_ name: StreetName, in place: Place) throws -> Int64 {
        let key = Key(place: place, name: name)
        if let id = known[key] { return id }
        if known.count == Self.remembered {
            known.removeAll(keepingCapacity: true)
            isKnownComplete = false
        }
        let id = try stored(key) ?? add(key)
        known[key] = id
        return id
    }

    private func stored(_ key: Key) throws -> Int64? {
        if isKnownComplete { return nil }
        let (place, name) = (key.place, key.name)
        return try Int64.fetchOne(
            findStreet,
            arguments: [place.zip, name.name, place.state, place.city, name.before, name.suffix, name.after])
    }

    private func add(_ key: Key) throws -> Int64 {
        let (place, name) = (key.place, key.name)
        try addStreet.execute(
            arguments: [place.zip, place.state, place.city, name.name, name.before, name.suffix, name.after])
        streets += 1
        return database.lastInsertedRowID
    }

    /// - Parameters: degrees, WGS 84.
    package func add(_ number: HouseNumber, street: Int64, latitude: Double, longitude: Double) throws {
        try addHouse.execute(arguments: [
            street, number.number, number.rest,
            Int64(clamping: (latitude * AddressTableFormat.unitsPerDegree).rounded()),
            Int64(clamping: (longitude * AddressTableFormat.unitsPerDegree).rounded()),
        ])
        houses += 1
    }
}
