import GRDB

/// The houses of one street. Each question is one descent of a B-tree.
struct HouseReader {
    let street: Int64
    let database: Database

    /// Those that have this number, with whatever letters.
    func numbered(_ number: Int) throws -> [House] { try houses("number = ? ORDER BY rest LIMIT 32", number) }

    /// Those with the next lower numbers, the highest first: a few, so that both sides of the street are among them.
    func below(_ number: Int) throws -> [House] { try houses("number < ? ORDER BY number DESC LIMIT 8", number) }

    /// Those with the next higher numbers, the lowest first.
    func above(_ number: Int) throws -> [House] { try houses("number > ? ORDER BY number LIMIT 8", number) }

    /// The house with the lowest number, and that with the highest.
    func ends() throws -> [House] {
        try houses("number >= ? ORDER BY number LIMIT 1", 0)
            + houses("number <= ? ORDER BY number DESC LIMIT 1", HouseNumber.highest)
    }

    private func houses(_ condition: String, _ number: Int) throws -> [House] {
        let statement = try database.cachedStatement(
            sql: "SELECT number, rest, latitude, longitude FROM house WHERE street = ? AND \(condition)")
        return try Row.fetchAll(statement, arguments: [street, number]).map { row in
            House(
                number: HouseNumber(number: row[0], rest: row[1]),
                latitude: Double(row[2] as Int64) / AddressTableFormat.unitsPerDegree,
                longitude: Double(row[3] as Int64) / AddressTableFormat.unitsPerDegree)
        }
    }
}
