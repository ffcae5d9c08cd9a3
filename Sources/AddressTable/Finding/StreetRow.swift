import GRDB

/// A street of the table: its name in one ZIP and city. A street through several of them has a row for each.
struct StreetRow {
    var id: Int64
    var zip: Int
    var state: String
    /// As `PlaceName` makes it comparable.
    var city: String
    var name: StreetName
    /// Whether the source does not say that it is there.
    var isGuessed: Bool
    /// Whether its houses lie nearer to another ZIP or city than to this one, where it is guessed to be too.
    var isFromNearby: Bool

    /// Enough for any name in any city; more would be a look-up that takes long.
    private static let most = 64
    private static let columns =
        "coalesce(houses, id), zip, state, city, name, before, suffix, after, is_guessed, houses IS NOT NULL"

    static func inZIP(_ zip: Int, key: String, _ database: Database) throws -> [StreetRow] {
        let statement = try database.cachedStatement(
            sql: "SELECT \(columns) FROM street WHERE zip = ? AND key = ? LIMIT \(most)")
        return try rows(statement, [zip, key])
    }

    static func inCity(_ city: String, state: String, key: String, _ database: Database) throws -> [StreetRow] {
        let statement = try database.cachedStatement(
            sql: "SELECT \(columns) FROM street WHERE state = ? AND city = ? AND key = ? LIMIT \(most)")
        return try rows(statement, [state, city, key])
    }

    private static func rows(_ statement: Statement, _ arguments: StatementArguments) throws -> [StreetRow] {
        try Row.fetchAll(statement, arguments: arguments).map { row in
            StreetRow(
                id: row[0], zip: row[1], state: row[2], city: row[3],
                name: StreetName(name: row[4], predirectional: row[5], suffix: row[6], postdirectional: row[7]),
                isGuessed: row[8], isFromNearby: row[9])
        }
    }
}
