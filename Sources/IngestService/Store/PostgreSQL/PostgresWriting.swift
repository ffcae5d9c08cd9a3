import PostgreSQL

/// The connection that writes, in a transaction. Rows of the same statement are gathered and go as one.
final class PostgresWriting: StoreConnection {
    let connection: PostgresConnection
    private var gathered: [GatheredRows] = []
    /// More than that go in several statements.
    private static let mostRows = 512
    /// Whether the transaction is there, perhaps known from a new connection alone: then what the server said to its
    /// statements is lost.
    var isCommitted = false

    init(_ connection: PostgresConnection) { self.connection = connection }

    func begin() throws {
        gathered = []
        isCommitted = false
        try connection.begin("BEGIN")
    }

    func commit() throws {
        try sendGathered()
        try connection.commit()
        isCommitted = true
    }

    func send(_ statement: RowStatement, _ values: StoreValues) throws -> StoreSent {
        if let rows = gathered.last(where: { $0.statement === statement }) {
            if let place = rows.add(values) { return .row(rows.rows, place) }
            try rows.send(on: connection)
            gathered.removeAll { $0 === rows }
        }
        let rows = GatheredRows(statement, limit: Self.mostRows)
        gathered.append(rows)
        guard let place = rows.add(values) else { throw PostgresError(detail: "wrong number of values") }
        return .row(rows.rows, place)
    }

    private func sendGathered() throws {
        for rows in gathered { try rows.send(on: connection) }
        gathered.removeAll(keepingCapacity: true)
    }

    func answer(_ sent: StoreSent) throws -> StoreAnswer {
        guard case .row(let rows, let place) = sent else { return try connection.answer(sent) }
        if rows.sent == nil { try sendGathered() }
        guard let sent = rows.sent else { throw PostgresError(detail: "a statement has no answer") }
        // The connection may be lost behind the commit, and with it what the server said: whoever asked looks it up.
        guard let answer = isCommitted ? try? connection.answer(sent) : try connection.answer(sent) else {
            return StoreAnswer(count: 0, isLost: true)
        }
        return StoreAnswer(count: rows.isWritten(place, answer) ? 1 : 0)
    }

    // Whatever else is asked comes behind what was gathered.

    func execute(_ sql: String, _ values: StoreValues) throws {
        try sendGathered()
        try connection.execute(sql, values)
    }

    func send(_ sql: String, _ values: StoreValues, key: String?) throws -> StoreSent {
        try sendGathered()
        return try connection.send(sql, values, key: key)
    }

    func reserveNumber(in table: String) throws -> Int64? { try connection.reserveNumber(in: table) }

    func forEachRow(_ sql: String, _ values: StoreValues, page: Int?, _ body: (StoreRow) throws -> Bool) throws {
        try sendGathered()
        try connection.forEachRow(sql, values, page: page, body)
    }

    func savepoint(_ body: () throws -> Void) throws {
        try sendGathered()
        try connection.savepoint {
            do {
                try body()
                try sendGathered()
            } catch {
                // It goes with the rest.
                gathered = []
                throw error
            }
        }
    }
}

/// Rows of a statement, column by column, as PostgreSQL reads arrays.
private final class GatheredRows {
    let statement: RowStatement
    let rows = SentRows()
    private let limit: Int
    private var count = 0
    private var columns: [[UInt8]]
    private var keys: Set<String> = []
    private var first: StoreValues = []

    init(_ statement: RowStatement, limit: Int) {
        self.statement = statement
        self.limit = limit
        columns = statement.kinds.map { kind in
            var header: [UInt8] = []
            header.reserveCapacity(1024)
            for number in [1, 1, kind.typeNumber, 0, 1] { header.append(bigEndian: number) }
            return header
        }
    }

    /// - Returns: the row's place, from 1 on; `nil` where it needs another statement.
    func add(_ values: StoreValues) -> Int? {
        guard count < limit, values.all.count == columns.count else { return nil }
        if statement.hasKey, case .text(let key)? = values.all.first, !keys.insert(key).inserted { return nil }
        if count == 0 { first = values }
        for (column, value) in values.all.enumerated() { columns[column].append(element: value) }
        count += 1
        return count
    }

    /// One row costs least by itself.
    func send(on connection: PostgresConnection) throws {
        if count == 1, let sql = statement.sql {
            rows.isOne = true
            rows.sent = try connection.send(sql, first, key: nil)
            return
        }
        let length = withUnsafeBytes(of: Int32(clamping: count).bigEndian, Array.init)
        for column in columns.indices { columns[column].replaceSubrange(12..<16, with: length) }
        rows.sent = try connection.send(statement.many, StoreValues(columns.map(StoreValue.blob)), key: nil)
    }
}

extension RowStatement.Kind {
    /// Of PostgreSQL's pg_type.
    fileprivate var typeNumber: Int32 {
        switch self {
        case .integer: 20
        case .real: 701
        case .text: 25
        case .blob: 17
        }
    }
}

extension [UInt8] {
    fileprivate mutating func append(bigEndian number: some FixedWidthInteger) {
        Swift.withUnsafeBytes(of: number.bigEndian) { append(contentsOf: $0) }
    }

    /// Its length, and then the value as PostgreSQL sends it; null has no length.
    fileprivate mutating func append(element value: StoreValue) {
        switch value {
        case .null: append(bigEndian: Int32(-1))
        case .integer(let number):
            append(bigEndian: Int32(8))
            append(bigEndian: number)
        case .real(let number):
            append(bigEndian: Int32(8))
            append(bigEndian: number.bitPattern)
        case .text(let text):
            append(bigEndian: Int32(clamping: text.utf8.count))
            let start = count
            append(contentsOf: text.utf8)
            // PostgreSQL has no text with a zero in it, see `PostgresValues`.
            if self[start...].contains(0) {
                let shown = text.replacing("\0", with: "\u{FFFD}")
                removeSubrange((start - 4)...)
                append(bigEndian: Int32(clamping: shown.utf8.count))
                append(contentsOf: shown.utf8)
            }
        case .blob(let blob):
            append(bigEndian: Int32(clamping: blob.count))
            append(contentsOf: blob)
        }
    }
}
