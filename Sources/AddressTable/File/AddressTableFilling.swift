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
        /// Whether the source did not say it, and the gazetteer has.
        package var isGuessed = false

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
                SELECT id FROM street WHERE zip = ? AND key = ? AND state = ? AND city = ? AND before = ? AND suffix = ?
                    AND after = ? AND name = ? AND is_guessed = ? AND houses IS NULL
                """)
        addStreet = try database.makeStatement(
            sql: """
                INSERT INTO street (zip, state, city, is_guessed, houses, key, name, before, suffix, after)
                    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """)
        addHouse = try database.makeStatement(sql: "INSERT INTO arrived VALUES (?, ?, ?, ?, ?, ?)")
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
            arguments: [
                place.zip, name.key, place.state, place.city, name.predirectional, name.suffix, name.postdirectional,
                name.name,
                place.isGuessed,
            ])
    }

    private func add(_ key: Key) throws -> Int64 {
        try add(key.name, key.place, houses: nil)
        streets += 1
        return database.lastInsertedRowID
    }

    private func add(_ name: StreetName, _ place: Place, houses: Int64?) throws {
        try addStreet.execute(
            arguments: [
                place.zip, place.state, place.city, place.isGuessed, houses, name.key, name.name, name.predirectional,
                name.suffix, name.postdirectional,
            ])
    }

    /// Makes a street findable in another place that it may be in.
    package func add(_ name: StreetName, alsoIn place: Place, housesOf street: Int64) throws {
        try add(name, place, houses: street)
    }

    /// - Parameters: degrees, WGS 84.
    package func add(_ number: HouseNumber, street: Int64, latitude: Double, longitude: Double) throws {
        try addHouse.execute(arguments: [
            street, number.series, number.number, number.rest,
            Int64(clamping: (latitude * AddressTableFormat.unitsPerDegree).rounded()),
            Int64(clamping: (longitude * AddressTableFormat.unitsPerDegree).rounded()),
        ])
        houses += 1
    }
}
