import Contracts
import Crypto

/// The index of words, and how requests are found by it.
extension RequestStore {
    /// Makes requests that came since the last time findable. What is to be written is worked out beside the one
    /// connection that writes: whoever accepts a request waits for that.
    /// - Returns: how many.
    func indexForSearch(limit: Int) async throws(StoreError) -> Int {
        let bound = try await lastNumber()
        // Both tables from that number on: else a planner may go through all of the second one.
        let found = try await read { transaction in
            let secret = try transaction.searchKey()
            return try transaction.rows(
                """
                SELECT * FROM request \(transaction.dialect.joinInOrder) person USING (number)
                WHERE number > (SELECT done FROM search_state) AND number <= ?1
                    AND person.number > (SELECT done FROM search_state) ORDER BY number LIMIT ?2
                """, [bound, limit]
            ) { row in
                let organization: String = try row["organization"]
                let keys = SearchWords.keys(try transaction.submission(row))
                return (
                    number: try row["number"] as Int64,
                    words: keys.map { SearchWords.number($0, of: organization, secret) }.sorted()
                )
            }
        }
        guard let last = found.last else { return 0 }
        return try await write(isPatient: true) { transaction in
            for request in found {
                // What was erased meanwhile must not come back.
                let name: String? = try transaction.value(
                    "SELECT name FROM person WHERE number = ?\(transaction.dialect.locking("person"))", [request.number]
                )
                guard name?.isEmpty == false else { continue }
                for word in request.words { try transaction.addWord(word, request.number) }
            }
            // Another process on the same store may have been here.
            try transaction.execute("UPDATE search_state SET done = ?1 WHERE done < ?1", [last.number])
            return found.count
        }
    }

    /// A number so that none up to it is still to come in `request`; 0 when it is not known yet.
    func lastNumber() async throws(StoreError) -> Int64 {
        guard let order = database.dialect.numberOrder else { return .max }
        let last: Int64? = try await read { try $0.value(order.last) }
        let time: Int64? = try await read { try $0.value(order.time) }
        guard let last, let time else { return 0 }
        // Transactions are short; the next round finds out about one that is not.
        for _ in 0..<50 {
            if try await read({ try $0.value(order.writers, [time]) as Int? }) == 0 { return last }
        }
        return 0
    }
}

extension StoreTransaction {
    /// Takes a request out of the index; before its personal data goes.
    func forgetWords(of number: Int64) throws {
        let known = try first(
            """
            SELECT * FROM request \(dialect.joinInOrder) person USING (number)
            WHERE number = ?\(dialect.locking("person"))
            """, [number]
        ) { (organization: try $0["organization"] as String, submission: try submission($0)) }
        guard let known else { return }
        let secret = try searchKey()
        for key in SearchWords.keys(known.submission) {
            try execute(
                "DELETE FROM search_word WHERE word = ? AND request = ?",
                [SearchWords.number(key, of: known.organization, secret), number])
        }
    }

    /// Makes a request findable, whose words have changed since it was made so; one that never was gets its turn.
    func learnWords(of number: Int64) throws {
        let known = try first(
            """
            SELECT * FROM request \(dialect.joinInOrder) person USING (number)
            WHERE number = ? AND number <= (SELECT done FROM search_state)
            """, [number]
        ) { (organization: try $0["organization"] as String, submission: try submission($0)) }
        guard let known else { return }
        let secret = try searchKey()
        for key in SearchWords.keys(known.submission) {
            try addWord(SearchWords.number(key, of: known.organization, secret), number)
        }
    }

    fileprivate func addWord(_ word: Int64, _ number: Int64) throws { _ = try send(Self.word, [word, number]) }

    private static let word = RowStatement(insertInto: "search_word", [("word", .integer), ("request", .integer)])

    fileprivate func searchKey() throws -> SymmetricKey {
        guard let key: [UInt8] = try value("SELECT key FROM search_state") else {
            throw StoreError(code: .unreadable, detail: "search_state")
        }
        return SymmetricKey(data: key)
    }

    /// Others with the same address or phone number, the newest first.
    func twins(
        of request: StoredRequest, _ number: Int64
    ) throws -> [(request: StoredRequest, sharesPhone: Bool)] {
        guard request.erasedAt == nil else { return [] }
        let (phone, place) = (SearchWords.phone(request.submission.phone), SearchWords.place(request.submission))
        let keys = [phone.map { "phone:\($0)" }, place.map { "place:\($0)" }].compactMap(\.self)
        let numbers = try numbers(ofAny: keys, request.provider.organization, limit: 20)
        return try numbers.filter { $0 != number }.prefix(10).compactMap { other in
            guard let twin = try stored(number: other) else { return nil }
            let sharesPhone = phone != nil && SearchWords.phone(twin.submission.phone) == phone
            guard sharesPhone || SearchWords.place(twin.submission) == place else { return nil }
            return (twin, sharesPhone)
        }
    }

    func stored(number: Int64) throws -> StoredRequest? {
        try first(
            """
            SELECT * FROM request JOIN person USING (number) LEFT JOIN review ON review.request = request.number
            WHERE number = ?
            """, [number], stored)
    }

    /// The requests with any of these keys, the newest first.
    private func numbers(ofAny keys: [String], _ organization: String, limit: Int) throws -> [Int64] {
        guard !keys.isEmpty else { return [] }
        let secret = try searchKey()
        var found: Set<Int64> = []
        for key in keys {
            let word = SearchWords.number(key, of: organization, secret)
            try forEachRow(
                "SELECT request FROM search_word WHERE word = ? ORDER BY request DESC LIMIT ?", [word, limit]
            ) { row in
                if let number: Int64 = try row.first() { found.insert(number) }
                return true
            }
        }
        return found.sorted(by: >)
    }

    /// How many of a word's requests one search goes through, to how many of these it goes where more is asked of them
    /// than words, and of how many it reads the text.
    private static let (mostGoneThrough, mostLookedAt, mostRead) = (30_000, 12_000, 2000)

    /// The requests that have all words of a text, in order. Goes along the rarest of the words: the others are looked
    /// up beside it, so that nothing is left out however frequent they are.
    /// - Parameters:
    ///   - rest: what the requests have to be beside.
    ///   - after: where the page before ended.
    /// - Returns: `reached` is the last that was looked at, where that was enough and not all.
    func numbers(
        with text: SearchText, of organization: String, _ rest: StoreConditions, isNewest: Bool, after: Int64?,
        limit: Int
    ) throws -> (found: [Int64], reached: Int64?) {
        let secret = try searchKey()
        var words = text.keys.map { SearchWords.number($0, of: organization, secret) }
        guard let rarest = try rarest(of: words) else { return ([], nil) }
        words.removeAll { $0 == rarest }
        let (order, isBehind) = isNewest ? ("DESC", "<") : ("ASC", ">")
        let start = after ?? (isNewest ? .max : .min)
        let edge: Int64? = try value(
            """
            SELECT request FROM search_word WHERE word = ? AND request \(isBehind) ?
            ORDER BY request \(order) LIMIT 1 OFFSET \(rest.sql.isEmpty ? Self.mostGoneThrough : Self.mostLookedAt)
            """, [rarest, start])
        var conditions = StoreConditions()
        conditions.add("found.word = ?", rarest)
        conditions.add("found.request \(isBehind) ?", start)
        if let edge { conditions.add("found.request \(isNewest ? ">=" : "<=") ?", edge) }
        for word in words {
            conditions.add(
                "EXISTS (SELECT 1 FROM search_word AS other WHERE other.word = ? AND other.request = found.request)",
                word)
        }
        conditions.add("request.organization = ?", organization)
        conditions.add(rest)
        let (read, most) = (dialect.joinInOrder, Self.mostRead)
        var (numbers, count, reached): ([Int64], Int, Int64?) = ([], 0, edge)
        try forEachRow(
            """
            SELECT request.*, person.* FROM search_word AS found \(read) request ON request.number = found.request
                \(read) person ON person.number = request.number
                LEFT JOIN assignment ON assignment.request = request.number
            WHERE \(conditions.text) ORDER BY found.request \(order) LIMIT \(most)
            """, conditions.values, page: limit
        ) { row in
            let number: Int64 = try row["number"]
            count += 1
            if text.matches(try submission(row), try row["id"]) { numbers.append(number) }
            if count == most { reached = number }
            return numbers.count < limit
        }
        return (numbers, numbers.count < limit ? reached : nil)
    }

    private func rarest(of words: [Int64]) throws -> Int64? {
        guard words.count > 1 else { return words.first }
        let counts = try words.map { word in
            let count: Int? = try value(
                "SELECT count(*) FROM (SELECT 1 FROM search_word WHERE word = ? LIMIT ?) AS bounded",
                [word, Self.mostGoneThrough])
            return (word: word, count: count ?? 0)
        }
        return counts.min { $0.count < $1.count }?.word
    }

    /// The requests that the partner or we call so.
    func numbers(called text: SearchText, of organization: String) throws -> [Int64] {
        var found: Set<Int64> = []
        if let theirs = text.partnerID {
            for number in try numbers(ofAny: ["id:\(theirs)"], organization, limit: 100) {
                guard let request = try stored(number: number), request.provider.organization == organization,
                    text.matches(request.submission, request.id)
                else { continue }
                found.insert(number)
            }
        }
        if let id = text.id {
            found.formUnion(
                try rows(
                    "SELECT number FROM request WHERE id >= ? AND id < ? AND organization = ? LIMIT 100",
                    [id, id + "g", organization]
                ) { try $0["number"] as Int64 })
        }
        return Array(found)
    }
}
