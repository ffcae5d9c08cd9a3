import CPostgres

/// The rows of a statement's answer, in binary form.
struct PostgresRows {
    /// Freed by `clear`.
    let result: OpaquePointer
    /// Columns by name.
    let names: [String: Int32]

    var count: Int32 { PQntuples(result) }

    subscript(row: Int32) -> PostgresColumns { PostgresColumns(result: result, row: row, names: names) }

    static func names(_ result: OpaquePointer) -> [String: Int32] {
        var names: [String: Int32] = [:]
        for column in 0..<PQnfields(result) {
            guard let name = PQfname(result, column).map({ String(cString: $0) }) else { continue }
            // Of two with the same name the first one counts, as it does in SQLite.
            if names[name] == nil { names[name] = column }
        }
        return names
    }

    func clear() { PQclear(result) }
}

/// One row of an answer, as long as it is looked at.
package struct PostgresColumns {
    let result: OpaquePointer
    let row: Int32
    let names: [String: Int32]

    package var first: SQLValue { Self.value(result, row, 0) }

    /// `nil` when there is no such column.
    package func value(_ column: String) -> SQLValue? { names[column].map { Self.value(result, row, $0) } }

    static func value(_ result: OpaquePointer, _ row: Int32, _ column: Int32) -> SQLValue {
        guard PQgetisnull(result, row, column) == 0, let start = PQgetvalue(result, row, column) else { return .null }
        let bytes = UnsafeRawBufferPointer(start: start, count: Int(PQgetlength(result, row, column)))
        // The types of PostgreSQL's pg_type that the schema and its statements have.
        switch (PQftype(result, column), bytes.count) {
        case (20, 8): return .integer(Int64(bigEndian: bytes.loadUnaligned(as: Int64.self)))
        case (23, 4): return .integer(Int64(Int32(bigEndian: bytes.loadUnaligned(as: Int32.self))))
        case (21, 2): return .integer(Int64(Int16(bigEndian: bytes.loadUnaligned(as: Int16.self))))
        case (16, 1): return .integer(Int64(bytes[0]))
        case (701, 8): return .real(Double(bitPattern: UInt64(bigEndian: bytes.loadUnaligned(as: UInt64.self))))
        case (17, _): return .blob([UInt8](bytes))
        default: return .text(String(decoding: bytes, as: UTF8.self))
        }
    }
}
