import CPostgres
import ServiceRuntime

/// What PostgreSQL or the way to it says is wrong.
package struct PostgresError: Error, Sendable {
    /// Five characters of PostgreSQL's Appendix A; `nil` where no server said anything.
    package var sqlState: String?
    /// One line; names no values.
    package var detail: String
    /// Whether the connection is of no use any more.
    package var isLost = false

    /// Whether a commit that ended with it may be there all the same: nobody said that it is not.
    package var leavesOpen: Bool { isLost && (sqlState.map { $0.hasPrefix("08") || $0.hasPrefix("57P") } ?? true) }

    /// A transaction that lost against another one, or met a change of the schema under way: tried again it may work.
    package var isPassing: Bool {
        // serialization_failure, deadlock_detected; "cached plan must not change result type".
        isLost || sqlState == "40001" || sqlState == "40P01" || sqlState == "0A000"
    }

    /// The server is going away, or is not the one that writes any more: another connection may lead to one that does.
    private static func isLost(_ sqlState: String) -> Bool {
        sqlState.hasPrefix("08") || sqlState.hasPrefix("57P") || sqlState == "25P03" || sqlState == "25006"
            || sqlState == "0A000"
    }

    /// Of a failed connection or statement, as the connection tells it.
    static func lost(_ handle: OpaquePointer?, _ what: String? = nil) -> PostgresError {
        let text = handle.flatMap(PQerrorMessage).map { OneLine.of(String(cString: $0)) } ?? ""
        return PostgresError(detail: what ?? (text.isEmpty ? "the connection is lost" : text), isLost: true)
    }

    /// Of a statement's result.
    init(result: OpaquePointer) {
        func field(_ code: Int32) -> String? { PQresultErrorField(result, code).map { String(cString: $0) } }
        guard let sqlState = field(CPOSTGRES_SQLSTATE) else {
            let text = PQresultErrorMessage(result).map { OneLine.of(String(cString: $0)) } ?? ""
            self.init(detail: text.isEmpty ? "the connection is lost" : text, isLost: true)
            return
        }
        // The messages of these name values: data exceptions and violated constraints.
        let namesValues = sqlState.hasPrefix("22") || sqlState.hasPrefix("23")
        let message = namesValues ? nil : field(CPOSTGRES_MESSAGE_PRIMARY).map(OneLine.of)
        let names = [CPOSTGRES_TABLE_NAME, CPOSTGRES_COLUMN_NAME, CPOSTGRES_CONSTRAINT_NAME].compactMap(field)
        self.init(
            sqlState: sqlState,
            detail: (["PostgreSQL \(sqlState)"] + [message].compactMap(\.self) + names).joined(separator: " "),
            isLost: Self.isLost(sqlState))
    }

    package init(sqlState: String? = nil, detail: String, isLost: Bool = false) {
        self.sqlState = sqlState
        self.detail = detail
        self.isLost = isLost
    }
}
