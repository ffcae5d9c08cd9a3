import CPostgres
import Contracts
import DequeModule
import Glibc
import ServiceRuntime

/// One connection to PostgreSQL, for one thread, in libpq's pipeline mode: statements are sent as they come and
/// answers awaited only where one is looked at. It is opened when it is needed, and again when it was lost.
///
/// Each statement is prepared once and known by its text.
package final class PostgresConnection {
    private struct Sent {
        enum Kind {
            case prepare(Statement)
            case statement
            case synchronization
        }

        var place: Int
        var kind: Kind
        /// Whether somebody will ask what became of it.
        var isWanted = false
    }

    private final class Statement {
        let name: String
        let sql: String
        /// Known with the first answer.
        var columns: [String: Int32]?

        init(name: String, sql: String) {
            self.name = name
            self.sql = sql
        }
    }

    /// More are forgotten, all at once: statements are put together from conditions, of which there are many.
    private static let mostStatements = 1000
    /// How many may be on their way without an answer.
    private static let mostWaiting = 512

    package let address: PostgresAddress
    package let limits: PostgresLimits
    /// Run on each new connection, before anything else is.
    private let set: String
    private var handle: OpaquePointer?
    private var statements: [String: Statement] = [:]
    private var prepared = 0
    private var waiting: Deque<Sent> = []
    private var place = 0
    private var answers: [Int: PostgresAnswer] = [:]
    private var values = PostgresValues()
    /// Numbers that were taken from a sequence and not yet given to rows, by table.
    private var reserved: [String: ArraySlice<Int64>] = [:]

    /// - Parameter set: statements for each new connection.
    package init(_ address: PostgresAddress, _ limits: PostgresLimits, set: String = "") {
        self.address = address
        self.limits = limits
        self.set = set
    }

    deinit { if let handle { PQfinish(handle) } }

    package var isOpen: Bool { handle != nil }

    // MARK: Opening and closing

    /// Opens it unless it is open.
    /// - Returns: whether it is a new one.
    /// - Throws: `PostgresError`.
    package func open() throws -> Bool {
        guard handle == nil else { return false }
        let new = try address.connect()
        do {
            try Self.run(Self.settings(limits) + set, on: new)
            guard PQsetnonblocking(new, 1) == 0, PQenterPipelineMode(new) == 1 else { throw PostgresError.lost(new) }
        } catch {
            PQfinish(new)
            throw error
        }
        handle = new
        return true
    }

    /// Every statement that is often run goes along an index. Without being told, the server plans it for a table that
    /// is still empty, reads all of it, and keeps to that plan when the table has grown.
    private static func settings(_ limits: PostgresLimits) -> String {
        """
        SET statement_timeout = \(limits.statement.wholeMilliseconds);
        SET lock_timeout = \(limits.lock.wholeMilliseconds);
        SET idle_in_transaction_session_timeout = \(limits.statement.wholeMilliseconds);
        SET client_min_messages = error;
        SET enable_seqscan = off;
        SET jit = off;
        """
    }

    /// Runs statements without values on a connection that is not in pipeline mode, and waits.
    private static func run(_ sql: String, on handle: OpaquePointer) throws {
        guard let result = PQexec(handle, sql) else { throw PostgresError.lost(handle) }
        defer { PQclear(result) }
        switch PQresultStatus(result) {
        case PGRES_COMMAND_OK, PGRES_TUPLES_OK, PGRES_EMPTY_QUERY: break
        default: throw PostgresError(result: result)
        }
    }

    package func close() {
        if let handle { PQfinish(handle) }
        handle = nil
        statements = [:]
        waiting = []
        answers = [:]
        reserved = [:]
    }

    // MARK: Transactions

    package func begin(_ how: String) throws {
        answers.removeAll(keepingCapacity: true)
        if statements.count > Self.mostStatements {
            _ = try post("DEALLOCATE ALL")
            statements = [:]
        }
        _ = try post(how)
    }

    /// Ends a transaction that only read. Waits for no answer.
    package func endReading() throws {
        _ = try post("COMMIT")
        try synchronize()
        try flush(until: .now + limits.answer)
    }

    /// Has all that was sent carried out.
    package func settle() throws {
        if let last = waiting.last { try receive(through: last.place) }
    }

    /// Sends the commit, and waits until it is durable.
    /// - Throws: `PostgresError`. When the connection was lost, it is not known whether the commit is there.
    package func commit() throws {
        let commit = try post("COMMIT", isWanted: true)
        try synchronize()
        try settle()
        // Of a transaction that cannot be committed a ROLLBACK is made, without an error.
        guard answers[commit]?.number != Self.rolledBack else {
            throw PostgresError(sqlState: "25P02", detail: "the transaction was rolled back")
        }
    }

    /// Takes back what was done since `begin`, and makes the connection ready for the next. One that cannot be is
    /// closed.
    package func rollBack(_ error: any Error) {
        guard handle != nil else { return }
        if (error as? PostgresError)?.isLost == true { return close() }
        do {
            try recover()
            _ = try post("ROLLBACK")
            try synchronize()
            try settle()
        } catch { close() }
    }

    /// Runs one statement outside any transaction, and waits for it as long as it takes.
    package func runAlone(_ sql: String, longest: Duration) throws {
        guard let handle else { throw PostgresError.lost(nil) }
        try settle()
        guard PQsendQueryParams(handle, sql, 0, nil, nil, nil, nil, 1) == 1 else { throw PostgresError.lost(handle) }
        note(.statement)
        try synchronize()
        guard let last = waiting.last else { return }
        try receive(through: last.place, within: longest)
    }

    // MARK: Sending

    /// Sends a statement with `?` or `?1`, `?2`, … in the places of its values. It is carried out now or with the next
    /// one that has an answer: so it may be that one, or the commit, that fails with it.
    /// - Parameters:
    ///   - key: the column that the database numbers rows by, when a row is inserted.
    ///   - isWanted: whether `answer` will ask what became of it.
    /// - Returns: its place.
    @discardableResult
    package func post(_ sql: String, _ values: [SQLValue] = [], key: String? = nil, isWanted: Bool = false) throws
        -> Int
    {
        try post(try statement(sql, key), values, isWanted: isWanted)
    }

    @discardableResult
    private func post(_ statement: Statement, _ values: [SQLValue], isWanted: Bool) throws -> Int {
        guard let handle else { throw PostgresError.lost(nil) }
        self.values.fill(values)
        let isSent = self.values.withPointers { count, pointers, lengths, formats in
            PQsendQueryPrepared(handle, statement.name, count, pointers, lengths, formats, 1) == 1
        }
        guard isSent else { throw PostgresError.lost(handle) }
        return note(.statement, isWanted: isWanted)
    }

    @discardableResult
    private func note(_ kind: Sent.Kind, isWanted: Bool = false) -> Int {
        place += 1
        waiting.append(Sent(place: place, kind: kind, isWanted: isWanted))
        return place
    }

    private func statement(_ sql: String, _ key: String?) throws -> Statement {
        guard let handle else { throw PostgresError.lost(nil) }
        if waiting.count >= Self.mostWaiting { try settle() }
        if let statement = statements[sql] { return statement }
        prepared += 1
        let statement = Statement(name: "s\(prepared)", sql: sql)
        guard PQsendPrepare(handle, statement.name, PostgresText(sql, key: key).sql, 0, nil) == 1 else {
            throw PostgresError.lost(handle)
        }
        statements[sql] = statement
        note(.prepare(statement))
        return statement
    }

    private func synchronize() throws {
        guard let handle, PQpipelineSync(handle) == 1 else { throw PostgresError.lost(handle) }
        note(.synchronization)
    }

    // MARK: Receiving

    /// Reads the answers up to a place.
    /// - Returns: the rows of the last one, which the caller frees; `nil` where it has none.
    /// - Throws: `PostgresError`: that of the first statement that failed; what was sent after it was not carried out.
    @discardableResult
    private func receive(through last: Int, keepsRows: Bool = false, within: Duration? = nil) throws -> OpaquePointer? {
        guard let handle else { throw PostgresError.lost(nil) }
        let deadline = ContinuousClock.now + (within ?? limits.answer)
        var needsFlushRequest = true
        if case .synchronization? = waiting.last?.kind { needsFlushRequest = false }
        if needsFlushRequest, PQsendFlushRequest(handle) != 1 { throw PostgresError.lost(handle) }
        try flush(until: deadline)
        while let sent = waiting.first, sent.place <= last {
            let result = try next(until: deadline)
            let status = PQresultStatus(result)
            if case .synchronization = sent.kind {
                PQclear(result)
                waiting.removeFirst()
                continue
            }
            guard status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK || status == PGRES_EMPTY_QUERY else {
                defer { PQclear(result) }
                let error = PostgresError(result: result)
                guard PQstatus(handle) != CONNECTION_BAD else { throw error }
                if case .prepare(let statement) = sent.kind { statements[statement.sql] = nil }
                try skipEnd(until: deadline)
                waiting.removeFirst()
                try recover()
                throw error
            }
            try skipEnd(until: deadline)
            waiting.removeFirst()
            if sent.isWanted { answers[sent.place] = Self.answer(result) }
            if keepsRows, sent.place == last { return result }
            PQclear(result)
        }
        return nil
    }

    private static let rolledBack: Int64 = -1

    private static func answer(_ result: OpaquePointer) -> PostgresAnswer {
        var answer = PostgresAnswer(count: 0, number: nil)
        if let text = PQcmdTuples(result) { answer.count = Int(foreign: String(cString: text)) ?? 0 }
        if PQntuples(result) > 0, PQnfields(result) > 0 {
            switch PostgresColumns.value(result, 0, 0) {
            case .integer(let number): answer.number = number
            case .text(let text): answer.text = text
            case .null, .real, .blob: break
            }
        } else if let text = PQcmdStatus(result), strcmp(text, "ROLLBACK") == 0 {
            answer.number = rolledBack
        }
        return answer
    }

    /// Reads all that is on its way, whatever it is, so that the connection can be used again after an error.
    private func recover() throws {
        guard let handle else { throw PostgresError.lost(nil) }
        try synchronize()
        let deadline = ContinuousClock.now + limits.answer
        try flush(until: deadline)
        while let sent = waiting.first {
            let result = try next(until: deadline)
            let status = PQresultStatus(result)
            PQclear(result)
            if PQstatus(handle) == CONNECTION_BAD { throw PostgresError.lost(handle) }
            waiting.removeFirst()
            if case .synchronization = sent.kind { continue }
            if case .prepare(let statement) = sent.kind, status != PGRES_COMMAND_OK { statements[statement.sql] = nil }
            try skipEnd(until: deadline)
        }
    }

    /// The next result, waited for.
    private func next(until deadline: ContinuousClock.Instant) throws -> OpaquePointer {
        while true {
            if let result = try take(until: deadline) { return result }
            guard ContinuousClock.now < deadline else { throw PostgresError.lost(nil, "an answer is missing") }
        }
    }

    /// Reads the end of a statement's results.
    private func skipEnd(until deadline: ContinuousClock.Instant) throws {
        while let more = try take(until: deadline) { PQclear(more) }
    }

    /// - Returns: `nil` at the end of a statement's results.
    private func take(until deadline: ContinuousClock.Instant) throws -> OpaquePointer? {
        guard let handle else { throw PostgresError.lost(nil) }
        while PQisBusy(handle) == 1 {
            try wait(POLLIN, until: deadline)
            guard PQconsumeInput(handle) == 1 else { throw PostgresError.lost(handle) }
        }
        return PQgetResult(handle)
    }

    private func flush(until deadline: ContinuousClock.Instant) throws {
        guard let handle else { throw PostgresError.lost(nil) }
        while true {
            switch PQflush(handle) {
            case 0: return
            case 1:
                try wait(POLLIN | POLLOUT, until: deadline)
                guard PQconsumeInput(handle) == 1 else { throw PostgresError.lost(handle) }
            default: throw PostgresError.lost(handle)
            }
        }
    }

    /// Waits for the socket. A server that says nothing for too long is as good as gone.
    private func wait(_ events: Int32, until deadline: ContinuousClock.Instant) throws {
        guard let handle else { throw PostgresError.lost(nil) }
        while true {
            let left = ContinuousClock.now.duration(to: deadline).wholeMilliseconds
            guard left > 0 else { throw PostgresError.lost(nil, "no answer in time") }
            var descriptor = pollfd(fd: PQsocket(handle), events: Int16(truncatingIfNeeded: events), revents: 0)
            let found = poll(&descriptor, 1, Int32(clamping: left))
            if found > 0 { return }
            if found < 0, errno != EINTR { throw PostgresError.lost(nil, "poll: \(String(cString: strerror(errno)))") }
        }
    }
}

// MARK: What is done with it

extension PostgresConnection {
    /// What became of a statement that was posted as wanted. All that was sent meanwhile is carried out with it.
    package func answer(at place: Int) throws -> PostgresAnswer {
        if answers[place] == nil { try settle() }
        guard let answer = answers[place] else { throw PostgresError(detail: "a statement has no answer") }
        return answer
    }

    /// A number that no other row of a table has or will get. As many as a large transaction needs, at once. Those that
    /// are left when the connection ends are never used.
    package func reserveNumber(of column: String, in table: String) throws -> Int64? {
        if let number = reserved[table]?.popFirst() { return number }
        var numbers: [Int64] = []
        try forEachRow(
            "SELECT nextval(pg_get_serial_sequence(?1, ?2)) FROM generate_series(1, 256)",
            [.text(table), .text(column)]
        ) { row in
            if case .integer(let number) = row.first { numbers.append(number) }
            return true
        }
        reserved[table] = numbers[...]
        return reserved[table]?.popFirst()
    }

    /// Calls `body` with each row of the answer until it returns `false`.
    /// - Parameter page: how many of many rows are likely to be looked at; `nil` for all.
    package func forEachRow(
        _ sql: String, _ values: [SQLValue] = [], page: Int? = nil, _ body: (PostgresColumns) throws -> Bool
    ) throws {
        if let page { return try forEachOfMany(sql, values, page: max(1, page), body) }
        let statement = try statement(sql, nil)
        let place = try post(statement, values, isWanted: false)
        guard let result = try receive(through: place, keepsRows: true) else { return }
        let names = statement.columns ?? PostgresRows.names(result)
        statement.columns = names
        let rows = PostgresRows(result: result, names: names)
        defer { rows.clear() }
        for row in 0..<rows.count where try !body(rows[row]) { break }
    }

    /// Through a cursor, so that what is not looked at is not looked for.
    private func forEachOfMany(
        _ sql: String, _ values: [SQLValue], page: Int, _ body: (PostgresColumns) throws -> Bool
    ) throws {
        // Within another one's rows there may be a second one.
        let name = "many\(place)"
        try post("DECLARE \(name) NO SCROLL CURSOR FOR ", of: sql, values)
        var isOver = false
        while !isOver {
            guard let result = try fetch("FETCH FORWARD \(page) FROM \(name)") else { return }
            let rows = PostgresRows(result: result, names: PostgresRows.names(result))
            defer { rows.clear() }
            isOver = Int(rows.count) < page
            for row in 0..<rows.count where try !body(rows[row]) {
                isOver = true
                break
            }
        }
        try postAlone("CLOSE \(name)")
    }

    private func post(_ prefix: String, of sql: String, _ values: [SQLValue]) throws {
        guard let handle else { throw PostgresError.lost(nil) }
        self.values.fill(values)
        let text = prefix + PostgresText(sql).sql
        let isSent = self.values.withPointers { count, pointers, lengths, formats in
            PQsendQueryParams(handle, text, count, nil, pointers, lengths, formats, 1) == 1
        }
        guard isSent else { throw PostgresError.lost(handle) }
        note(.statement)
    }

    /// Sends a statement that is not worth preparing.
    private func postAlone(_ sql: String) throws { try post(sql, of: "", []) }

    private func fetch(_ sql: String) throws -> OpaquePointer? {
        try postAlone(sql)
        guard let last = waiting.last else { return nil }
        return try receive(through: last.place, keepsRows: true)
    }

    /// Where something comes when it is told; `nil` while it is closed.
    var socket: Int32? { handle.map(PQsocket) }

    /// What other connections have told this one, which listens (NOTIFY). Waits for nothing.
    func notes() throws -> [(text: String, isOwn: Bool)] {
        guard let handle, PQconsumeInput(handle) == 1 else { throw PostgresError.lost(handle) }
        var notes: [(text: String, isOwn: Bool)] = []
        while let note = PQnotifies(handle) {
            let text = note.pointee.extra.map { String(cString: $0) } ?? ""
            notes.append((text, note.pointee.be_pid == PQbackendPID(handle)))
            PQfreemem(note)
        }
        return notes
    }

    /// Takes back what `body` wrote when it throws, and nothing else.
    package func savepoint(_ body: () throws -> Void) throws {
        try post("SAVEPOINT part")
        do {
            try body()
            // What fails of it fails here.
            try settle()
        } catch {
            if handle != nil {
                try recover()
                try post("ROLLBACK TO SAVEPOINT part")
                try post("RELEASE SAVEPOINT part")
                try settle()
            }
            throw error
        }
        try post("RELEASE SAVEPOINT part")
    }
}

extension Duration {
    var wholeMilliseconds: Int { Int(clamping: self / .milliseconds(1)) }
}
