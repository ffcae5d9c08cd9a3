import Contracts
import Foundation
import HTTPTypes
import Hummingbird
import Testing

@testable import IngestService

/// What must hold for every route of the desk: they are taken from the router, so that a new one cannot be forgotten.
@Suite("Routes of the desk", .serialized)
struct DeskRoutesTests {
    /// Those that need no session.
    private static let open: Set<String> = [
        "GET /", "GET /desk/assets/{name}", "GET /desk/sign-in", "POST /desk/sign-in", "GET /desk/sign-in/{code}",
        "POST /desk/sign-in/{code}", "GET /desk/sign-in/with/{provider}", "GET /desk/sign-in/with/{provider}/callback",
        "GET /desk/**",
    ]

    private struct Route: Sendable {
        var method: HTTPRequest.Method
        var path: String
    }

    private static func routes(_ desk: DeskHarness, _ id: Contracts.RequestID) throws -> [Route] {
        let all = desk.routes.filter { $0.method != .head && !open.contains("\($0.method) \($0.path)") }
        try #require(all.count >= 12)
        return all.map { Route(method: $0.method, path: $0.path.replacing("{id}", with: "\(id)")) }
    }

    /// A form that each action would take.
    private static func form(_ id: Contracts.RequestID, seen: String) -> [(String, String)] {
        [
            ("seen", seen), ("step", "assigned"), ("decision", "accept"), ("note", "a note"), ("assignee", "Eve"),
            ("pick", "\(id)"),
        ]
    }

    /// Whatever a query or a form says in the place of a number, a time, an id or a page: an answer, and no end.
    @Test func whatIsNoNumberIsAnswered() async throws {
        let extremes = [
            "9223372036854775807", "-9223372036854775808", "99999999999999999999999999", "1e400", "nan", "-0", "",
            "9223372036854775807.9223372036854775807", "9999-12-31T23:59:59.999Z", "0000-00-00", "\u{661}\u{662}",
        ]
        let names = [
            "page", "after", "before", "cursor", "limit", "since", "from", "to", "due", "seen", "olderThan", "q",
            "sort",
            "order", "state", "county", "zoom", "x", "y", "status",
        ]
        try await DeskHarness.with { desk in
            let id = try await desk.covered()
            let ada = try await desk.signIn(DeskHarness.ada)
            for route in try Self.routes(desk, id) where !["live", "sign-out"].contains(where: route.path.contains) {
                for value in extremes {
                    let fields = names.map { ($0, value) }
                    var parts = URLComponents()
                    parts.queryItems = fields.map { URLQueryItem(name: $0.0, value: $0.1) }
                    let query = parts.percentEncodedQuery ?? ""
                    let form = route.method == .post ? [("csrf", ada.csrf)] + fields : nil
                    let answer = try await desk.send(
                        route.method, "\(route.path)?\(query)", cookie: ada.cookie, form: form)
                    #expect(answer.status < 500, "\(route) \(value): \(answer.status)")
                }
            }
        }
    }

    @Test func withoutASessionNothingIsShownOrChanged() async throws {
        try await DeskHarness.with { desk in
            let id = try await desk.covered()
            let seen = DeskRevision(try #require(try await desk.store.request(id))).description
            let signedOut = try await desk.signIn(DeskHarness.ada)
            #expect(try await signedOut.post("/desk/sign-out", []).status == 200)
            let expired = try await desk.signIn(DeskHarness.cleo)
            let revoked = try await desk.signIn(DeskHarness.ben)
            _ = try await desk.store.revokeStaff(DeskHarness.ben.email, by: "root", at: desk.clock.now)
            desk.clock.advance(by: 12 * 3600 + 1)
            let before = try await desk.dump()
            let cookies = [
                nil, "", "intake_desk=x", "intake_desk=\(String(repeating: "0", count: 64))", signedOut.cookie,
                expired.cookie, revoked.cookie,
            ]
            for route in try Self.routes(desk, id) {
                for cookie in cookies {
                    let form = route.method == .post ? [("csrf", signedOut.csrf)] + Self.form(id, seen: seen) : nil
                    let answer = try await desk.send(route.method, route.path, cookie: cookie, form: form)
                    #expect(answer.status == (route.method == .post ? 401 : 303), "\(route)")
                    #expect(!answer.text.contains("Ada Example") && !answer.text.contains("Main St"), "\(route)")
                }
            }
            #expect(try await desk.dump() == before)
        }
    }

    @Test func aForgedFormChangesNothing() async throws {
        try await DeskHarness.with { desk in
            let id = try await desk.covered()
            let browser = try await desk.signIn(DeskHarness.ada)
            let other = try await desk.signIn(DeskHarness.cleo)
            let seen = try await browser.seen(id)
            let before = try await desk.dump()
            for route in try Self.routes(desk, id) where route.method == .post {
                let form = Self.form(id, seen: seen)
                for csrf in [nil, "", "x", other.csrf, browser.csrf + "0", String(browser.csrf.dropLast())] {
                    let fields = (csrf.map { [("csrf", $0)] } ?? []) + form
                    let answer = try await desk.send(.post, route.path, cookie: browser.cookie, form: fields)
                    #expect(answer.status == 403, "\(route) \(csrf ?? "none")")
                }
                // A right token, sent by a page of another site.
                for headers: HTTPFields in [
                    [.origin: "https://evil.example"], [.origin: "null"],
                    [HTTPField.Name("Sec-Fetch-Site")!: "cross-site"],
                    [HTTPField.Name("Sec-Fetch-Site")!: "same-site"],
                ] {
                    #expect(
                        try await browser.post(route.path, form, headers: headers).status == 403, "\(route) \(headers)")
                }
                // What is no form of a browser's.
                let json = try await browser.post(route.path, form, headers: [.contentType: "application/json"])
                #expect(json.status == 415, "\(route)")
            }
            #expect(try await desk.dump() == before)
        }
    }

    @Test func whoMayOnlyReadChangesNothing() async throws {
        try await DeskHarness.with { desk in
            let id = try await desk.covered()
            let seen = DeskRevision(try #require(try await desk.store.request(id))).description
            let browser = try await desk.signIn(DeskHarness.ben)
            let before = try await desk.dump()
            for route in try Self.routes(desk, id) where route.method == .post && route.path != "/desk/sign-out" {
                #expect(try await browser.post(route.path, Self.form(id, seen: seen)).status == 403, "\(route)")
            }
            #expect(try await desk.dump() == before)
            let page = try await browser.get("/desk/requests/\(id)").text
            #expect(page.contains("Ada Example") && page.contains("You may look"))
            #expect(page.components(separatedBy: "<form").count == 2, "but for signing out there is no form")
        }
    }

    @Test func anothersRequestIsNotThere() async throws {
        try await DeskHarness.with { desk in
            let id = try await desk.covered()
            let seen = DeskRevision(try #require(try await desk.store.request(id))).description
            let browser = try await desk.signIn(DeskHarness.eve)
            let before = try await desk.dump()
            for route in try Self.routes(desk, id) where route.path != "/desk/sign-out" {
                let answer =
                    route.method == .post
                    ? try await browser.post(route.path, Self.form(id, seen: seen)) : try await browser.get(route.path)
                if route.path.contains("\(id)") { #expect(answer.status == 404, "\(route)") }
                #expect(!answer.text.contains("Ada Example") && !answer.text.contains("Main St"), "\(route)")
            }
            for query in [
                "q=Ada", "q=\(id)", "q=617+555+0100", "q=ada%40example.org", "q=Main", "state=new", "sort=due",
            ] {
                let page = try await browser.get("/desk/requests?\(query)").text
                #expect(!page.contains("Main St"), "\(query)")
            }
            // What is exported is noted, and nothing else.
            #expect(
                try await desk.dump().filter { !$0.hasPrefix("audit_log") }
                    == before.filter { !$0.hasPrefix("audit_log") })
        }
    }

    @Test func everyPageIsKeptByNobodyAndRunsNothingOfOthers() async throws {
        try await DeskHarness.with { desk in
            let id = try await desk.covered()
            let browser = try await desk.signIn(DeskHarness.ada)
            for route in try Self.routes(desk, id) where route.method == .get && !route.path.hasSuffix(".csv") {
                let answer = try await browser.get(route.path)
                #expect(answer.status == 200, "\(route)")
                let policy = answer.headers[.contentSecurityPolicy] ?? ""
                #expect(policy.contains("default-src 'none'") && !policy.contains("unsafe"), "\(route)")
                #expect(answer.headers[.cacheControl] == "no-store", "\(route)")
                #expect(answer.headers[HTTPField.Name("Referrer-Policy")!] == "same-origin", "\(route)")
                #expect(!answer.text.contains("style=") && !answer.text.contains("onclick"), "\(route)")
                #expect(answer.text.matches(of: /<script(?! src="\/desk\/assets\/)/).isEmpty, "\(route)")
            }
            #expect(try await browser.get("/desk/nothing").status == 404)
            #expect(try await browser.get("/desk/requests/x").status == 404)
            #expect(try await desk.send(.get, "/").headers[.location] == "/desk")
        }
    }
}
