import PostgreSQL

/// A connection to PostgreSQL, as the store speaks to any database.
extension PostgresConnection: StoreConnection {
    func execute(_ sql: String, _ values: StoreValues) throws { try post(sql, values.all) }

    func send(_ sql: String, _ values: StoreValues, key: String?) throws -> StoreSent {
        .waiting(try post(sql, values.all, key: key, isWanted: true))
    }

    func answer(_ sent: StoreSent) throws -> StoreAnswer {
        switch sent {
        case .answered(let answer): return answer
        case .row: throw PostgresError(detail: "rows are sent by `PostgresWriting`")
        case .waiting(let place):
            let answer = try answer(at: place)
            return StoreAnswer(count: answer.count, number: answer.number, text: answer.text)
        }
    }

    func reserveNumber(in table: String) throws -> Int64? { try reserveNumber(of: "sequence", in: table) }

    func forEachRow(_ sql: String, _ values: StoreValues, page: Int?, _ body: (StoreRow) throws -> Bool) throws {
        try forEachRow(sql, values.all, page: page) { try body(StoreRow($0)) }
    }
}

extension PostgresColumns: StoreColumns {}

extension StoreError {
    init(postgres error: any Error) {
        switch error {
        case let error as StoreError: self = error
        case let error as PostgresError: self.init(code: .unavailable, detail: error.detail)
        default: self.init(code: .unavailable, detail: "\(type(of: error))")
        }
    }
}
