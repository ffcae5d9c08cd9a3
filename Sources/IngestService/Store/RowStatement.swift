import Contracts

/// A statement that writes one row. Many of them, each with values of its own, may go to the database as one: what it
/// costs to begin a statement is then paid once. Each finds out whether its own row was written.
///
/// Those of one transaction go in no particular order, and not before something else asks for an answer or the
/// transaction ends: so what they write must come out the same in any order.
final class RowStatement: Sendable {
    /// What a place holds, as PostgreSQL calls it.
    enum Kind: String, Sendable {
        case integer = "bigint"
        case real = "double precision"
        case text
        case blob = "bytea"
    }

    /// For one row, with places `?1`, `?2`, …; `nil` where there are only rows.
    let sql: String?
    let kinds: [Kind]
    /// For many rows: a place for each column of them. Answers the places of those that were written, from 1 on, as one
    /// text.
    let many: String
    /// Whether the first value names the row, so that a statement may hold it once.
    let hasKey: Bool

    /// - Parameter many: for many rows, which are those of a table `f` with columns `c1`, `c2`, … and `place`.
    init(_ kinds: [Kind], many: String) {
        sql = nil
        self.kinds = kinds
        self.many = "WITH f AS (SELECT * FROM \(Self.rows(kinds))) \(many)"
        hasKey = false
    }

    /// Changes the row that the first value names.
    init(update table: String, set assignments: String, where condition: String, _ kinds: [Kind]) {
        sql = "UPDATE \(table) SET \(assignments) WHERE \(condition)"
        self.kinds = kinds
        many = """
            WITH written AS (
                UPDATE \(table) SET \(Self.named(assignments)) FROM \(Self.rows(kinds, areFew: true))
                WHERE \(Self.named(condition)) RETURNING place
            ) SELECT string_agg(place::text, ' ') FROM written
            """
        hasKey = true
    }

    /// Adds a row unless it is there.
    init(insertInto table: String, _ columns: [(name: String, kind: Kind)]) {
        let names = columns.map(\.name).joined(separator: ", ")
        let numbers = columns.indices.map { "\($0 + 1)" }
        kinds = columns.map(\.kind)
        sql = """
            INSERT INTO \(table) (\(names)) VALUES (\(numbers.map { "?\($0)" }.joined(separator: ", ")))
            ON CONFLICT DO NOTHING
            """
        many = """
            INSERT INTO \(table) (\(names)) SELECT \(numbers.map { "c\($0)" }.joined(separator: ", "))
            FROM \(Self.rows(kinds)) ON CONFLICT DO NOTHING
            """
        hasKey = false
    }

    /// - Parameter areFew: whether the planner is to expect one row, which it looks up along an index. For the ten
    ///   that it expects else it reads all of a table that is small when it plans, and keeps to that. The limit that
    ///   tells it so leaves nothing out.
    private static func rows(_ kinds: [Kind], areFew: Bool = false) -> String {
        let numbered = kinds.enumerated().map { (number: $0 + 1, kind: $1.rawValue) }
        let arrays = numbered.map { "?\($0.number)::\($0.kind)[]" }
        let rows = "unnest(\(arrays.joined(separator: ", "))) WITH ORDINALITY"
        let columns = numbered.map { "c\($0.number)" }.joined(separator: ", ")
        return """
            \(areFew ? "(SELECT * FROM \(rows) LIMIT cardinality(\(arrays[0])))" : rows) AS f (\(columns), place)
            """
    }

    /// With columns of `f` for places.
    private static func named(_ sql: String) -> String { sql.replacing("?", with: "f.c") }
}

/// Rows that go, or have gone, as one statement.
final class SentRows {
    /// `nil` as long as they have not gone.
    var sent: StoreSent?
    /// Whether it was one alone, whose answer counts.
    var isOne = false
    private var written: Set<Int>?

    /// - Parameter answer: the answer to the statement.
    func isWritten(_ place: Int, _ answer: StoreAnswer) -> Bool {
        if isOne { return answer.count > 0 }
        let written = written ?? Set((answer.text ?? "").split(separator: " ").compactMap { Int(foreign: String($0)) })
        self.written = written
        return written.contains(place)
    }
}
