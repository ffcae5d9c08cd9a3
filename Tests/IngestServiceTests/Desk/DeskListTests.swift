import Contracts
import Foundation
import HTTPTypes
import Testing

@testable import IngestService

@Suite("Lists at the desk", .serialized)
struct DeskListTests {
    private static func submission(
        _ name: String, street: String = "1 Main St", city: String = "Boston", state: String = "MA",
        zip: String = "02108",
        phone: String = "+16175550100", email: String = "a@example.org", id: String = UUID().uuidString
    ) -> Submission {
        Submission(
            providerRequestID: id, name: name,
            address: PostalAddress(street: street, city: city, state: state, zip: zip), phone: phone, email: email)
    }

    @Test(arguments: StoreDriver.allCases) func requestsAreFoundByWhatPeopleRemember(_ driver: StoreDriver) async throws
    {
        try await DeskHarness.with(driver) { desk in
            let zoe = try await desk.covered(
                Self.submission(
                    "Zoë Núñez-Okafor", street: "4711 E Cesar Chavez Blvd Apt 4B", city: "San Antonio", state: "TX",
                    zip: "78205-1234", phone: "+12105550143", email: "Zoe.Nunez@Example.org", id: "SA-0042/b"))
            try await desk.covered(Self.submission("Zora Nunes", street: "12 Elm St"))
            let queries = [
                "Zoë", "zoe", "ZOE NUN", "okafor", "nunez zoë", "cesar chavez", "4711", "chav", "san ant", "78205",
                "782",
                "210 555 0143", "(210) 555-0143", "+1 210 555 0143", "2105550143", "555-0143", "0143",
                "zoe.nunez@example.org", "SA-0042/b", "sa-0042/B", "\(zoe)", "\(zoe)".uppercased(),
                String("\(zoe)".prefix(13)),
            ]
            for text in queries {
                var query = DeskQuery(organization: Fixture.provider.organization, today: Day(Fixture.now))
                query.text = SearchText(text)
                let found = try await desk.store.deskPage(query).requests.map(\.id)
                // Both began within the same minute: a short beginning of our id may mean either.
                #expect(found.contains(zoe), "\(text)")
                if !"\(zoe)".hasPrefix(text.lowercased()) { #expect(found == [zoe], "\(text)") }
            }
            for text in [
                "zoex", "oe", "9999", "210 555 0144", "zoe elm", "nobody@example.org", "SA-0042", "%", "_", "\u{0}",
                "😀",
            ] {
                var query = DeskQuery(organization: Fixture.provider.organization, today: Day(Fixture.now))
                query.text = SearchText(text)
                #expect(try await desk.store.deskPage(query).requests.isEmpty, "\(text)")
            }
            // What is erased is not found any more, and leaves no words behind.
            _ = try await desk.store.erasePersonalData(of: zoe, force: true, at: Fixture.now + 60)
            var query = DeskQuery(organization: Fixture.provider.organization, today: Day(Fixture.now))
            query.text = SearchText("okafor")
            #expect(try await desk.store.deskPage(query).requests.isEmpty)
            let left: Int? = try await desk.store.read { transaction in
                try transaction.value(
                    "SELECT count(*) FROM search_word WHERE request = (SELECT number FROM request WHERE id = ?)", [zoe])
            }
            #expect(left == 0)
        }
    }

    @Test(arguments: StoreDriver.allCases) func tabsAndFiltersLeaveOutWhatTheyShould(_ driver: StoreDriver) async throws
    {
        try await DeskHarness.with(driver) { desk in
            let browser = try await desk.signIn(DeskHarness.ada)
            let names = ["Nora", "Asa", "Sol", "Cora", "Kai", "Dana", "Rey", "Wim"]
            var ids: [String: Contracts.RequestID] = [:]
            for (index, name) in names.enumerated() {
                let submission = Self.submission(
                    name, city: index % 2 == 0 ? "Boston" : "Lowell", state: index == 7 ? "NH" : "MA")
                ids[name] =
                    switch name {
                    case "Dana":
                        try await desk.request(submission, after: 5, facts: [Fixture.decided(acceptance: false)])
                    case "Rey": try await desk.request(submission, after: 6, facts: [Fixture.reviewRequested()])
                    case "Wim": try await desk.request(submission, after: 86400 * 3)
                    default: try await desk.covered(submission, after: Double(index))
                    }
            }
            for (name, steps) in [
                "Asa": ["assigned"], "Sol": ["scheduled"], "Cora": ["assigned", "completed"], "Kai": ["canceled"],
            ] {
                for step in steps { _ = try await browser.step(try #require(ids[name]), step) }
            }
            _ = try await browser.post(
                "/desk/requests/\(try #require(ids["Asa"]))/assignment",
                [
                    ("seen", try await browser.seen(try #require(ids["Asa"]))), ("assignee", "Ada Lovelace"),
                    ("team", "East"), ("due", "2026-09-20"),
                ])
            func found(_ query: String) async throws -> [String] {
                let page = try await browser.get("/desk/requests?\(query)").text
                return page.matches(of: /<h3><a[^>]*><bdi>([^<]*)<\/bdi>/).map { String($0.output.1) }
            }
            #expect(try await found("") == ["Wim", "Rey", "Dana", "Kai", "Cora", "Sol", "Asa", "Nora"])
            #expect(try await found("sort=oldest") == names)
            let expected: [(String, [String])] = [
                ("state=new", ["Nora"]), ("state=assigned", ["Asa"]), ("state=scheduled", ["Sol"]),
                ("state=completed", ["Cora"]), ("state=canceled", ["Kai"]), ("state=declined", ["Dana"]),
                ("state=review", ["Rey"]), ("state=checking", ["Wim"]), ("holder=me", ["Asa"]),
                ("holder=t%3AEast", ["Asa"]),
                ("holder=nobody&state=new", ["Nora"]), ("due=overdue", ["Asa"]), ("due=some", ["Asa"]),
                ("sort=due", ["Asa"]),
                ("place=NH", ["Wim"]), ("city=low&state=assigned", ["Asa"]), ("city=Lo%25", []),
                ("zip=021&state=new", ["Nora"]),
                ("zip=9", []), ("to=2026-09-21", ["Rey", "Dana", "Kai", "Cora", "Sol", "Asa", "Nora"]),
                ("from=2026-09-23", ["Wim"]),
                ("q=Nora&state=assigned", []), ("q=Nora&state=new", ["Nora"]), ("q=asa&due=overdue", ["Asa"]),
            ]
            for (query, names) in expected { #expect(try await found(query) == names, "\(query)") }
            // What cannot be understood is as if it were not there.
            for query in ["state=x", "place=ZZ", "due=x", "from=x", "sort=x", "after=x", "zip=%27", "holder=x"] {
                #expect(try await found(query).count == 8, "\(query)")
            }
            let page = try await browser.get("/desk/requests").text
            #expect(page.contains(#"href="/desk/requests?state=assigned">Assigned <span class="number">1</span>"#))
        }
    }

    @Test func aListIsReadPageByPageAndExportedWhole() async throws {
        try await DeskHarness.with { desk in
            let browser = try await desk.signIn(DeskHarness.ada)
            for index in 0..<230 {
                let request = Fixture.newRequest(
                    at: Fixture.now + Double(index), submission: Self.submission("Person \(index)"))
                _ = try await desk.store.accept(request, event: try Fixture.event(request))
            }
            var (path, seen): (String?, [String]) = ("/desk/requests", [])
            while let next = path {
                let page = try await browser.get(next).text
                seen += page.matches(of: /<h3><a[^>]*><bdi>([^<]*)<\/bdi>/).map { String($0.output.1) }
                path = page.firstMatch(of: /<a class="button" href="([^"]*)">Next page/).map {
                    String($0.output.1).replacing("&amp;", with: "&")
                }
            }
            #expect(seen == (0..<230).reversed().map { "Person \($0)" })
            let csv = try await browser.get("/desk/requests.csv")
            #expect(csv.headers[.contentDisposition]?.hasPrefix("attachment") == true)
            let lines = csv.text.split(separator: "\r\n")
            #expect(lines.count == 231 && lines[0].hasPrefix("id,provider") && lines[230].contains("Person 0"))
            let entry = try await desk.store.audit(AuditFilter(person: DeskHarness.ada.email), before: nil, limit: 1)
            #expect(entry.first?.action == .exported)
            let print = try await browser.get("/desk/print?sort=oldest").text
            #expect(print.contains("230 requests") && print.contains("Person 229"))
        }
    }

    @Test(arguments: StoreDriver.allCases) func whatMayBeHereTwiceIsPointedOut(_ driver: StoreDriver) async throws {
        try await DeskHarness.with(driver) { desk in
            let browser = try await desk.signIn(DeskHarness.ada)
            let first = try await desk.covered(Self.submission("Ann First", street: "9 Oak St.", phone: "+16175550111"))
            let place = try await desk.covered(Self.submission("Bob Place", street: "9  OAK St", phone: "+16175550112"))
            let phone = try await desk.covered(Self.submission("Cy Phone", street: "1 Elm St", phone: "+16175550111"))
            try await desk.covered(Self.submission("Di Other", street: "2 Elm St", phone: "+16175550113"))
            try await desk.covered(
                Self.submission("Eli Others", street: "9 Oak St", phone: "+16175550111"),
                provider: Fixture.otherProvider)
            let page = try await browser.get("/desk/requests/\(first)").text
            #expect(page.contains("This may be here twice"))
            #expect(page.contains("/desk/requests/\(place)") && page.contains("same address"))
            #expect(page.contains("/desk/requests/\(phone)") && page.contains("same phone number"))
            #expect(!page.contains("Di Other") && !page.contains("Eli Others"))
        }
    }
}
