import AdminAPI
import Contracts
import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Pages
import Synchronization
import Testing

@testable import IngestService

/// The partner's page. What must hold for every route is asked of the routes that the router has.
@Suite("The partner's page", .serialized)
struct PartnerPagesTests {
    /// Who may send, as an operator changes it meanwhile.
    final class File: Sendable {
        private let state = Mutex(Fixture.directory)
        var directory: ProviderDirectory {
            get { state.withLock { $0 } }
            set { state.withLock { $0 = newValue } }
        }
    }

    private static func with(
        _ file: File = File(), callbacks: FakeCallbackService = FakeCallbackService(),
        _ body: @escaping @Sendable (DeskHarness) async throws -> Void
    ) async throws {
        try await withSQLiteStore { store, _ in
            let (clock, handedOver) = (DeskHarness.Clock(), APIHarness.HandedOver())
            let store = handedOver.follow(store)
            let router = Router(context: BasicRequestContext.self, options: .autoGenerateHeadEndpoints)
            let room = PartnerRoom(
                store: store, templates: try PageTemplates(),
                authenticator: Authenticator(providers: { file.directory }), waiters: JobWaiters(limit: 1),
                peers: callbacks.peers, now: { clock.now })
            room.register(on: router)
            let routes = router.routes.map { (method: $0.method, path: "\($0.path)") }
            try await Application(router: router).test(.router) { client in
                try await body(
                    DeskHarness(client: client, store: store, routes: routes, clock: clock, handedOver: handedOver))
            }
        }
    }

    private static func signIn(
        _ harness: DeskHarness, _ token: String = Fixture.token
    ) async throws -> DeskHarness.Browser {
        let answer = try await harness.send(.post, "/partner/sign-in", form: [("token", token)])
        let cookie = try #require(answer.headers[.setCookie]?.split(separator: ";").first.map(String.init))
        let secret = try #require(HandedSecret(cookie.split(separator: "=").last ?? ""))
        return .init(desk: harness, cookie: cookie, csrf: secret.csrf)
    }

    private static let open: Set<String> = [
        "GET /partner/assets/{name}", "GET /partner/sign-in", "POST /partner/sign-in", "GET /partner/**",
    ]

    private static func routes(
        _ harness: DeskHarness, _ id: Contracts.RequestID
    ) throws -> [(method: HTTPRequest.Method, path: String)] {
        let all = harness.routes.filter { $0.method != .head && !open.contains("\($0.method) \($0.path)") }
        try #require(all.count >= 9)
        return all.map { (method: $0.method, path: $0.path.replacing("{id}", with: "\(id)")) }
    }

    private static func form(_ harness: DeskHarness, _ id: Contracts.RequestID) async throws -> [(String, String)] {
        let seen = DeskRevision(try #require(try await harness.store.request(id))).description
        return [
            ("seen", seen), ("name", "Eve"), ("phone", "617 555 0199"), ("email", "eve@example.org"), ("note", "why"),
            ("since", "2026-01-01T00:00"), ("which", "all"),
        ]
    }

    @Test func withoutASessionNothingIsShownOrChanged() async throws {
        let file = File()
        try await Self.with(file) { harness in
            let id = try await harness.covered()
            let signedOut = try await Self.signIn(harness)
            #expect(try await signedOut.post("/partner/sign-out", []).status == 200)
            let expired = try await Self.signIn(harness)
            harness.clock.advance(by: 12 * 3600 + 1)
            // One whose token was taken out of the file since.
            let revoked = try await Self.signIn(harness)
            file.directory = ProviderDirectory(
                byToken: [TokenHash(token: "a newer one"): Fixture.provider])
            let form = try await Self.form(harness, id)
            let before = try await harness.dump()
            for route in try Self.routes(harness, id) {
                for cookie in [
                    nil, "", "intake_partner=x", "intake_partner=\(String(repeating: "0", count: 64))",
                    signedOut.cookie, expired.cookie, revoked.cookie,
                    revoked.cookie.replacing("intake_partner", with: "intake_desk"),
                ] {
                    let answer = try await harness.send(
                        route.method, route.path, cookie: cookie,
                        form: route.method == .post ? [("csrf", revoked.csrf)] + form : nil)
                    #expect(answer.status == (route.method == .post ? 401 : 303), "\(route) \(cookie ?? "")")
                    #expect(!answer.text.contains("Ada Example"), "\(route)")
                }
            }
            #expect(try await harness.dump() == before)
        }
    }

    @Test func aForgedFormChangesNothing() async throws {
        try await Self.with { harness in
            let id = try await harness.covered()
            let browser = try await Self.signIn(harness)
            let other = try await Self.signIn(harness, Fixture.otherToken)
            let form = try await Self.form(harness, id)
            let before = try await harness.dump()
            for route in try Self.routes(harness, id) where route.method == .post {
                for csrf in [nil, "", "x", other.csrf, browser.csrf + "0"] {
                    let fields = (csrf.map { [("csrf", $0)] } ?? []) + form
                    let answer = try await harness.send(.post, route.path, cookie: browser.cookie, form: fields)
                    #expect(answer.status == 403, "\(route)")
                }
                for headers: HTTPFields in [
                    [.origin: "https://evil.example"], [HTTPField.Name("Sec-Fetch-Site")!: "cross-site"],
                ] {
                    #expect(try await browser.post(route.path, form, headers: headers).status == 403, "\(route)")
                }
                let json = try await browser.post(route.path, form, headers: [.contentType: "application/json"])
                #expect(json.status == 415, "\(route)")
            }
            #expect(try await harness.dump() == before)
        }
    }

    @Test func anothersRequestIsNotThere() async throws {
        try await Self.with { harness in
            let id = try await harness.covered(Fixture.submission(providerRequestID: "R-1"))
            let browser = try await Self.signIn(harness, Fixture.otherToken)
            let form = try await Self.form(harness, id)
            let before = try await harness.dump()
            for route in try Self.routes(harness, id) where route.path != "/partner/sign-out" {
                let answer =
                    route.method == .post
                    ? try await browser.post(route.path, form) : try await browser.get(route.path)
                if route.path.contains("\(id)") { #expect(answer.status == 404, "\(route)") }
                #expect(!answer.text.contains("Ada Example") && !answer.text.contains("R-1"), "\(route)")
            }
            for query in ["q=R-1", "q=\(id)"] {
                let page = try await browser.get("/partner/requests?\(query)")
                #expect(page.status == 200 && page.text.contains("None of your requests"), "\(query)")
            }
            // That somebody wanted to be told again is noted, and nothing else.
            #expect(
                try await harness.dump().filter { !$0.hasPrefix("audit_log") }
                    == before.filter { !$0.hasPrefix("audit_log") })
        }
    }

    @Test func everyPageIsKeptByNobodyAndRunsNothingOfOthers() async throws {
        try await Self.with { harness in
            let id = try await harness.covered()
            let browser = try await Self.signIn(harness)
            for route in try Self.routes(harness, id) where route.method == .get {
                let answer = try await browser.get(route.path)
                let policy = answer.headers[.contentSecurityPolicy] ?? ""
                #expect(answer.status == 200 && policy.contains("default-src 'none'"), "\(route)")
                #expect(answer.headers[.cacheControl] == "no-store" && !answer.text.contains("style="), "\(route)")
                #expect(answer.text.matches(of: /<script(?! src="\/partner\/assets\/)/).isEmpty, "\(route)")
            }
            #expect(try await browser.get("/partner/nothing").status == 404)
            #expect(try await browser.get("/partner/requests/x").status == 404)
        }
    }

    @Test func onlyATokenThatSendsSignsIn() async throws {
        try await Self.with { harness in
            for token in ["", "nobody's", Fixture.writeToken, Fixture.readToken, String(repeating: "x", count: 600)] {
                let answer = try await harness.send(.post, "/partner/sign-in", form: [("token", token)])
                #expect(answer.status == 403 && answer.headers[.setCookie] == nil)
                #expect(token.isEmpty || !answer.text.contains(token))
            }
            var last = 0
            for _ in 0..<30 { last = try await harness.send(.post, "/partner/sign-in", form: [("token", "x")]).status }
            #expect(last == 429)
            // One that is right gets in all the same.
            let browser = try await Self.signIn(harness)
            #expect(try await browser.get("/partner").text.contains("Your system knows everything"))
            #expect(try await browser.get("/partner/sign-in").headers[.location] == "/partner")
            let cookie = try await harness.send(
                .post, "/partner/sign-in", headers: [:], form: [("token", Fixture.token)]
            ).headers[.setCookie]
            #expect(cookie?.contains("HttpOnly; SameSite=Lax") == true && cookie?.contains("Path=/partner") == true)
            #expect(cookie?.contains(Fixture.token) == false)
        }
    }

    @Test func aPartnerFindsWhyItWasNotToldAndIsToldAgain() async throws {
        try await Self.with { harness in
            let failed = [Fixture.geocoded(), Fixture.decided(), Fixture.attempted(1, after: 3)]
            let dead: ProgressUpdate = Fixture.dead(.callback, after: 4)
            let id = try await harness.request(
                Fixture.submission(providerRequestID: "R-1"), facts: failed + [dead, Fixture.degraded(after: 5)])
            let waiting = try await harness.request(
                Fixture.submission(providerRequestID: "R-2"), after: 60, facts: failed)
            try await harness.covered(Fixture.submission(providerRequestID: "R-3"), after: 120)
            let browser = try await Self.signIn(harness)
            let home = try await browser.get("/partner").text
            #expect(home.contains("R-1") && home.contains("R-2") && !home.contains("R-3"))
            #expect(home.contains("Your endpoint is left alone"))
            let page = try await browser.get("/partner/requests?q=R-1")
            #expect(page.headers[.location] == "/partner/requests/\(id)")
            let request = try await browser.get("/partner/requests/\(id)").text
            #expect(
                request.contains("HTTP 503") && request.contains("try later") && request.contains("Could not be told"))
            // It is the partner who reads this.
            #expect(request.contains("telling your system was given up") && !request.contains("the partner"))

            let count = harness.handedOver.entries.count
            #expect(
                try await browser.post("/partner/requests/\(id)/resend", []).headers[.location]
                    == "/partner/requests/\(id)?done=resent")
            #expect(harness.handedOver.entries.count == count + 1)
            // Since a time: what was not taken, or all.
            let start = String(Timestamp.string(Fixture.now).prefix(16))
            for (which, shown, sent) in [("untaken", "2 requests", 2), ("all", "3 requests", 3)] {
                let form = [("since", start), ("which", which)]
                #expect(try await browser.post("/partner/resend", form).text.contains(shown), "\(which)")
                let before = harness.handedOver.entries.count
                let answer = try await browser.post("/partner/resend/apply", form)
                #expect(answer.status == 200 && answer.text.contains("\(sent) callbacks are on the way"))
                #expect(harness.handedOver.entries.count == before + sent, "\(which)")
            }
            let later = String(Timestamp.string(Fixture.now + 60).prefix(16))
            #expect(
                try await browser.post("/partner/resend", [("since", later), ("which", "untaken")]).text.contains(
                    "one request"))
            for since in ["", "soon", "2099-01-01T00:00", "2026-13-01T00:00", String(repeating: "2", count: 99)] {
                #expect(try await browser.post("/partner/resend", [("since", since)]).status == 422, "\(since)")
            }
            _ = waiting
        }
    }

    /// A step of today on a request of long ago is news, and so is a decision by a person.
    @Test func newsIsWhatHappenedAndNotWhatCame() async throws {
        try await Self.with { harness in
            let old = try await harness.covered(Fixture.submission(providerRequestID: "OLD"))
            try await harness.covered(Fixture.submission(providerRequestID: "QUIET"))
            let asked = try await harness.request(
                Fixture.submission(providerRequestID: "ASKED"), facts: [Fixture.geocoded(), Fixture.reviewRequested()])
            let day = Fixture.now + 86400
            _ = try await harness.store.changeStatus(
                of: old, within: Fixture.provider.organization,
                StatusChange(step: .assigned, at: day, traceParent: Fixture.traceParent))
            _ = try await harness.store.decideReview(
                of: asked,
                ReviewVerdict(
                    answer: .accept, note: nil, by: "x", person: nil, organization: Fixture.provider.organization,
                    at: day, traceParent: Fixture.traceParent))
            let found = try await harness.store.news(
                of: Fixture.provider.id, since: day.before(.seconds(60)), untakenOnly: true, limit: 99)
            #expect(Set(found) == [old, asked])
        }
    }

    @Test func aPartnerWithdrawsAndCorrects() async throws {
        try await Self.with { harness in
            let id = try await harness.covered()
            let browser = try await Self.signIn(harness)
            let form = try await Self.form(harness, id)
            let path = "/partner/requests/\(id)"
            func changed(_ name: String, _ value: String) -> [(String, String)] {
                form.map { $0.0 == name ? (name, value) : $0 }
            }
            for (name, value) in [("phone", "12"), ("email", "x"), ("name", " "), ("email", "")] {
                let answer = try await browser.post("\(path)/contact", changed(name, value))
                #expect(answer.status == 422 && answer.text.contains("Nothing was changed"), "\(name)")
            }
            #expect(try await browser.post("\(path)/contact", changed("seen", "0.0.")).status == 409)
            #expect(try await browser.post("\(path)/contact", form).headers[.location] == "\(path)?done=corrected")
            #expect(try await harness.store.request(id)?.submission.name == "Eve")
            #expect(try await browser.post("\(path)/withdraw", form).status == 409, "it has changed since")
            let now = try await Self.form(harness, id)
            #expect(try await browser.post("\(path)/withdraw", now).headers[.location] == "\(path)?done=withdrawn")
            let page = try await browser.get(path).text
            #expect(page.contains("Canceled") && !page.contains("action=\"\(path)/withdraw\""))
            #expect(!page.contains("action=\"\(path)/contact\""))
            let log = try await harness.store.audit(AuditFilter(request: id), before: nil, limit: 9)
            #expect(log.map(\.action) == [.withdrew, .corrected] && log.allSatisfy { $0.person == "partner portal" })
        }
    }

    @Test func aPartnerTestsItsOwnEndpoint() async throws {
        let callbacks = FakeCallbackService()
        try await Self.with(callbacks: callbacks) { harness in
            let browser = try await Self.signIn(harness)
            let home = try await browser.get("/partner").text
            #expect(home.contains("https://portal.example") && home.contains("Signed with one secret, 0a1b2c3d."))
            #expect(!home.contains("other.example") && !home.contains("are paused"))
            let receipt = try await browser.post("/partner/test", [])
            #expect(receipt.status == 200 && receipt.text.contains("A receipt"))
            // Another's it cannot name.
            callbacks.change { $0.answer = "<b>no" }
            let other = try await browser.post("/partner/test", [("partner", "other")])
            #expect(other.text.contains("No receipt") && other.text.contains("&lt;b&gt;no"))
            #expect(
                callbacks.now.asked.filter { $0.hasPrefix("POST") }
                    == Array(
                        repeating: "POST /admin/providers/portal/test", count: 2))
            callbacks.change { $0.isAway = true }
            #expect(try await browser.post("/partner/test", []).status == 503)
            let limited = try await browser.post("/partner/test", [])
            #expect(limited.status == 429 && limited.headers[.retryAfter] != nil)
            let log = try await harness.store.audit(AuditFilter(), before: nil, limit: 9)
            #expect(log.filter { $0.action == .testedCallback }.count == 3)
        }
    }

    @Test func aPartnerMakesANewSigningSecret() async throws {
        let callbacks = FakeCallbackService()
        try await Self.with(callbacks: callbacks) { harness in
            let browser = try await Self.signIn(harness)
            for overlap in ["", "year", "604800"] {
                #expect(try await browser.post("/partner/secret", [("overlap", overlap)]).status == 422)
            }
            #expect(try await browser.post("/partner/secret", []).status == 422)
            #expect(callbacks.now.orders.isEmpty)
            let made = try await browser.post("/partner/secret", [("overlap", "hour")])
            #expect(made.status == 200 && made.text.contains("whsec_bmV3") && made.text.contains("99999999"))
            #expect(made.text.contains("ends, in an hour,") && !made.text.contains("Not every process"))
            #expect(made.headers[.cacheControl]?.contains("no-store") == true)
            #expect(callbacks.now.orders == [#"{"by":"partner portal","overlapSeconds":3600}"#])
            let home = try await browser.get("/partner").text
            #expect(home.contains("99999999 and 0a1b2c3d. 0a1b2c3d ends") && !home.contains("whsec_bmV3"))
            let log = try await harness.store.audit(AuditFilter(), before: nil, limit: 9)
            #expect(
                log.first { $0.action == .rotatedSecret }?.detail == "99999999, earlier ones end in an hour")
            #expect(!log.contains { $0.detail?.contains("whsec_") == true })
            callbacks.change { $0.rotation = 409 }
            let many = try await browser.post("/partner/secret", [("overlap", "day")])
            #expect(many.status == 409 && many.text.contains("Several secrets sign already"))
            callbacks.change { $0.rotation = 500 }
            #expect(try await browser.post("/partner/secret", [("overlap", "day")]).status == 503)
            callbacks.change { $0.providers = [] }
            #expect(try await browser.post("/partner/secret", [("overlap", "day")]).status == 409)
        }
    }

    @Test func oneSecretIsToldToEachProcess() async throws {
        let (first, second) = (FakeCallbackService(), FakeCallbackService())
        let peers = CallbackPeers([first.client, second.client])
        let made = try await peers.rotateSecret(of: "portal", by: "olu", overlap: .seconds(60))
        #expect(made?.isEverywhere == true && second.now.orders.first?.contains(#""secret":"whsec_bmV3""#) == true)
        second.change { $0.isAway = true }
        let partly = try await peers.rotateSecret(of: "portal", by: "olu", overlap: .seconds(60))
        #expect(partly?.isEverywhere == false && partly?.secret.secret == "whsec_bmV3")
        first.change { $0.isAway = true }
        await #expect(throws: PeerProblem.self) {
            _ = try await peers.rotateSecret(of: "portal", by: "olu", overlap: .seconds(60))
        }
    }

    @Test func aPartnerSeesPausesAndSecrets() async throws {
        let callbacks = FakeCallbackService()
        callbacks.change {
            $0.paused["portal"] = (by: "Olu Ops", why: "internal reasons")
            $0.secrets = ["11111111", "22222222"]
        }
        try await Self.with(callbacks: callbacks) { harness in
            let home = try await Self.signIn(harness).get("/partner").text
            #expect(home.contains("Your callbacks are paused") && home.contains("11111111 and 22222222"))
            #expect(!home.contains("internal reasons") && !home.contains("Olu"))
            let other = try await Self.signIn(harness, Fixture.otherToken).get("/partner").text
            #expect(!other.contains("are paused"))
        }
        callbacks.change { $0.isAway = true }
        try await Self.with(callbacks: callbacks) { harness in
            let home = try await Self.signIn(harness).get("/partner")
            #expect(home.status == 200 && home.text.contains("Send a test callback"))
        }
    }

    @Test func hostileTextIsTextOnEveryPage() async throws {
        let markup = [
            "<script>alert(1)</script>", "\"><img src=x onerror=alert(1)>", "{{page}}{{{page}}}", "\u{202E}evil",
            "a\u{0}b", "</textarea></main>",
        ]
        let strings =
            Corpus.isThere
            ? markup + (try JSONDecoder().decode([String].self, from: try Corpus.data("strings/blns.json"))) : markup
        try await Self.with { harness in
            let browser = try await Self.signIn(harness)
            for (index, text) in strings.enumerated() where !text.isEmpty {
                var submission = Submission(
                    providerRequestID: "\(index) \(text)", name: text,
                    address: PostalAddress(street: text, city: text, state: "MA", zip: text), phone: text, email: text,
                    providerData: text)
                (submission.unit, submission.language, submission.need, submission.notes) = (text, text, text, text)
                let attempt = CallbackAttempted(
                    provider: Fixture.provider.id, sequence: 1, attempt: 1, startedAt: Fixture.now + 3,
                    durationMilliseconds: 1, addressFamily: .ipv4, httpStatus: 500,
                    error: StageError(code: text, message: text), excerpt: text)
                let id = try await harness.request(
                    submission,
                    facts: [
                        Fixture.geocoded(), Fixture.decided(),
                        .noted(TimelineEntry(attempt, id: UUID())), Fixture.dead(.callback, after: 4),
                    ])
                let query = DeskHarness.encoded(String(text.prefix(100)))
                var paths = ["/partner/requests/\(id)", "/partner/requests?q=zz\(query)"]
                // It shows many at once.
                if index.isMultiple(of: 20) { paths += ["/partner", "/partner/requests"] }
                for path in paths {
                    let page = try await browser.get(path)
                    #expect(page.status == 200, "\(path) \(text.debugDescription)")
                    let isMarkup = text.contains("<") && text.utf8.count >= 4
                    let isThere = Data(page.text.utf8).range(of: Data(text.utf8)) != nil
                    #expect(!isMarkup || !isThere, "\(path): \(text.debugDescription)")
                    #expect(!page.text.unicodeScalars.contains { $0 == "\u{202E}" || $0 == "\u{0}" }, "\(path)")
                }
            }
        }
    }
}
