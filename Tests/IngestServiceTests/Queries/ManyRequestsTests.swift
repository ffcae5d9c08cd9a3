import AdminAPI
import Contracts
import Crypto
import Foundation
import Testing

@testable import IngestService

/// What is bounded, with more than the bound: nothing is left out, and no page looks at everything.
@Suite(.serialized)
struct ManyRequestsTests {
    private static let count = 31_000
    /// Those that lie in New Hampshire, around the ends of pages.
    private static let rare = [1, 2, 6999, 18_999, 19_000, 19_001, 30_999]

    @Test(arguments: StoreDriver.allCases) func aPageEndsWhenEnoughWasLookedAt(_ driver: StoreDriver) async throws {
        try await driver.withStore { store in
            try await Self.fill(store)
            let expected = Self.rare.reversed().map(Self.id)
            var (found, before, pages) = ([String](), Contracts.RequestID?.none, 0)
            var filter = RequestFilter(organization: Fixture.provider.organization)
            filter.state = "NH"
            repeat {
                let page = try await store.requests(filter, before: before, limit: 50)
                found += page.requests.map { "\($0.id)" }
                (before, pages) = (page.next, pages + 1)
            } while before != nil
            #expect(found == expected && pages == 3)
            var query = DeskQuery(organization: Fixture.provider.organization, today: Day(Fixture.now))
            query.place = "NH"
            for (text, pages) in [(nil, 3), ("boston", 3), ("boston resident", 3), ("nashua", 1)] {
                query.text = text.flatMap(SearchText.init)
                for sort in [DeskQuery.Sort.newest, .oldest] {
                    query.sort = sort
                    let wanted = text == "nashua" ? [] : sort == .newest ? expected : expected.reversed()
                    let (ids, count) = try await Self.all(store, query)
                    #expect(ids == wanted && count == pages, "\(text ?? "none") \(sort)")
                }
            }
            // However frequent the other word is, the rare one leads.
            query.place = nil
            query.text = SearchText("boston ada")
            #expect(try await Self.all(store, query) == ([Self.id(1)], 1))
            // Words that begin alike are told apart by the requests themselves.
            query.text = SearchText("bostonia")
            let (ids, pagesRead) = try await Self.all(store, query)
            #expect(ids.isEmpty && pagesRead > 10)
            query.text = SearchText("R-\(Self.count)")
            #expect(try await Self.all(store, query) == ([Self.id(Self.count)], 1))
        }
    }

    @Test(arguments: StoreDriver.allCases) func whatWasCountedOnceIsNotCountedAgain(_ driver: StoreDriver) async throws
    {
        try await driver.withStore { store in
            try await Self.fill(store)
            for _ in 0..<2 {
                let counts = try await store.requestCounts()
                #expect(counts.map(\.accepted) == [Self.count] && counts[0].pending == Self.count)
            }
            #expect(store.tally.current.upTo == Int64(Self.count))
            let request = Fixture.newRequest(provider: Fixture.otherProvider)
            _ = try await store.accept(request, event: try Fixture.event(request))
            let counts = try await store.requestCounts()
            #expect(counts.map(\.provider) == ["other", "portal"] && counts.map(\.accepted) == [1, Self.count])
            #expect(store.tally.current.upTo == Int64(Self.count), "one more is counted where it stands")
        }
    }

    /// What is in somebody's hands, where most of it is in another's.
    @Test(arguments: StoreDriver.allCases) func whatIsMineIsFoundAmongManyOthers(_ driver: StoreDriver) async throws {
        try await driver.withStore { store in
            try await Self.fill(store)
            try await store.write { transaction in
                try transaction.execute(
                    """
                    INSERT INTO assignment (request, organization, assignee, team, due, revision, is_open)
                    SELECT number, organization, CASE WHEN state = 'NH' THEN 'Ada' ELSE 'Ben' END,
                        CASE WHEN state = 'NH' THEN 'East' END, CASE WHEN state = 'NH' THEN '2026-12-24'
                        ELSE '2026-09-30' END, 1, 1
                    FROM request
                    """, [])
            }
            var query = DeskQuery(organization: Fixture.provider.organization, today: Day(Fixture.now))
            query.sort = .due
            for holder in [DeskQuery.Holder.person("Ada"), .team("East")] {
                query.holder = holder
                #expect(try await Self.all(store, query) == (Self.rare.map(Self.id), 1))
            }
            query.holder = .anybody
            query.place = "NH"
            #expect(try await Self.all(store, query) == (Self.rare.map(Self.id), 3))
        }
    }

    private static func all(_ store: RequestStore, _ first: DeskQuery) async throws -> ([String], Int) {
        var (query, ids, pages) = (first, [String](), 0)
        while pages < 100 {
            let page = try await store.deskPage(query)
            ids += page.requests.map { "\($0.id)" }
            pages += 1
            guard let next = page.next else { break }
            #expect(page.lookedTo != nil)
            query.after = next
        }
        return (ids, pages)
    }

    private static func id(_ number: Int) -> String {
        "01a1ff81-1877-7000-8000-\(String(String(1_000_000_000_000 + number).dropFirst()))"
    }

    /// By SQL: as many as that, one after the other, would take a minute.
    private static func fill(_ store: RequestStore) async throws {
        try await store.write { transaction in
            let numbers = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < \(count))"
            try transaction.execute(
                """
                INSERT INTO request (number, id, provider, provider_request_id, organization, accepted_at, city, state,
                    zip, moved_at)
                \(numbers) SELECT i, '01a1ff81-1877-7000-8000-' || substr(CAST(1000000000000 + i AS TEXT), 2), ?, 'R-' || i,
                    ?, ?, 'Boston',
                    CASE WHEN i IN (\(rare.map(String.init).joined(separator: ", "))) THEN 'NH' ELSE 'MA' END, '02108', ?
                FROM n
                """,
                [Fixture.provider.id, Fixture.provider.organization, Fixture.now, Fixture.now])
            try transaction.execute(
                """
                INSERT INTO person (number, name, street, phone, email)
                SELECT number, CASE WHEN number = 1 THEN 'Ada Resident' ELSE 'Resident' END, '1 Main St', '', ''
                FROM request
                """, [])
            let key: [UInt8] = try #require(try transaction.value("SELECT key FROM search_state"))
            func word(_ key: String, _ secret: [UInt8]) -> Int64 {
                SearchWords.number(key, of: Fixture.provider.organization, .init(data: secret))
            }
            for text in ["word:bosto", "word:resid"] {
                try transaction.execute(
                    "INSERT INTO search_word (word, request) SELECT CAST(? AS BIGINT), number FROM request",
                    [word(text, key)])
            }
            try transaction.execute(
                "INSERT INTO search_word (word, request) VALUES (?, 1)", [word("word:ada", key)])
            try transaction.execute(
                "INSERT INTO search_word (word, request) VALUES (?, ?)", [word("id:r-\(count)", key), count])
            try transaction.execute("UPDATE search_state SET done = ?", [count])
            if case .postgres = transaction.dialect {
                try transaction.execute("SELECT setval('request_number_seq', ?)", [count])
            }
        }
        if case .postgres = store.database.dialect {
            try await store.write { try $0.execute("ANALYZE") }
        }
    }
}
