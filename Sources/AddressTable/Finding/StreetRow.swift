import GRDB

/// A street of the table: its name in one ZIP and city. A street through several of them has a row for each.
struct StreetRow {
    var id: Int64
    var zip: Int
    var state: String
    var name: StreetName

    /// Enough for any name in any city; more would be a look-up that takes long.
    private static let most = 64

    static func inZIP(_ zip: Int, name: String, _ database: Database) throws -> [StreetRow] {
        let statement = try database.cachedStatement(
            sql: "SELECT id, zip, state, before, suffix, after FROM street WHERE zip = ? AND name = ? LIMIT \(most)")
        return try rows(statement, [zip, name], name: name)
    }

    static func inCity(_ city: String, state: String, name: String, _ database: Database) throws -> [StreetRow] {
        let statement = try database.cachedStatement(
            sql: """
                SELECT id, zip, state, before, suffix, after FROM street WHERE state = ? AND city = ? AND name = ?
                    LIMIT \(most)
                """)
        return try rows(statement, [state, city, name], name: name)
    }

    private static func rows(_ statement: Statement, _ arguments: StatementArguments, name: String) throws
        -> [StreetRow]
    {
        try Row.fetchAll(statement, arguments: arguments).map { row in
            StreetRow(
                id: row[0], zip: row[1], state: row[2],
                name: StreetName(name: name, before: row[3], suffix: row[4], after: row[5]))
        }
    }
}
