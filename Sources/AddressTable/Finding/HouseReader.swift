import GRDB

/// The houses of one street. Each question is one descent of a B-tree.
struct HouseReader {
    let street: Int64
    let database: Database

    /// Those that have this number, with whatever letters.
    func numbered(_ number: HouseNumber) throws -> [House] {
        try houses(number.series, "number = ? ORDER BY rest LIMIT 32", number.number)
    }

    /// Those with the next lower numbers, the highest first: a few, so that both sides of the street are among them.
    func below(_ number: HouseNumber) throws -> [House] {
        try houses(number.series, "number < ? ORDER BY number DESC LIMIT 8", number.number)
    }

    /// Those with the next higher numbers, the lowest first.
    func above(_ number: HouseNumber) throws -> [House] {
        try houses(number.series, "number > ? ORDER BY number LIMIT 8", number.number)
    }

    /// The house with the lowest number, and that with the highest.
    /// - Parameter series: `nil` for whichever the street has.
    func ends(series: String?) throws -> [House] {
        guard let series = try series ?? anySeries() else { return [] }
        return try houses(series, "number >= ? ORDER BY number LIMIT 1", 0)
            + houses(series, "number <= ? ORDER BY number DESC LIMIT 1", HouseNumber.highest)
    }

    private func anySeries() throws -> String? {
        let statement = try database.cachedStatement(sql: "SELECT series FROM house WHERE street = ? LIMIT 1")
        return try String.fetchOne(statement, arguments: [street])
    }

    private func houses(_ series: String, _ condition: String, _ number: Int) throws -> [House] {
        let statement = try database.cachedStatement(
            sql: """
                SELECT number, rest, latitude, longitude, is_doubtful FROM house
                    WHERE street = ? AND series = ? AND \(condition)
                """)
        return try Row.fetchAll(statement, arguments: [street, series, number]).map { row in
            House(
                number: HouseNumber(series: series, number: row[0], rest: row[1]),
                latitude: Double(row[2] as Int64) / AddressTableFormat.unitsPerDegree,
                longitude: Double(row[3] as Int64) / AddressTableFormat.unitsPerDegree, isDoubtful: row[4])
        }
    }
}
