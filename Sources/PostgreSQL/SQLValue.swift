/// What a column holds, in any database that SQL is spoken with.
package enum SQLValue: Sendable, Equatable {
    case null
    case integer(Int64)
    case real(Double)
    case text(String)
    case blob([UInt8])
}

/// What became of a statement.
package struct PostgresAnswer: Sendable {
    /// How many rows it wrote.
    package var count: Int
    /// The number of the row that it inserted, or any other that it answers; `nil` for none.
    package var number: Int64?
    /// What it said, where that is text.
    package var text: String?
}
