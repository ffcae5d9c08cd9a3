import AdminAPI
import Contracts
import Foundation
import HTTPTypes
import OpenIDConnect
import Pages
import ServiceRuntime
import TestSupport
import Testing

@testable import IngestService

/// Signing in at the desk by an OpenID provider that answers on the loopback.
@Suite("Signing in by a provider", .serialized, .timeLimit(.minutes(2)))
struct ProviderSignInTests {
    private struct Stage: Sendable {
        let desk: DeskHarness
        let provider: FakeProvider

        /// Goes to the provider, and comes back with what it says.
        func arrive(_ alter: (inout [URLQueryItem]) -> Void = { _ in }, cookie: (String) -> String? = { $0 })
            async throws -> DeskHarness.Answer
        {
            let (attempt, query) = try await depart()
            var items = query
            alter(&items)
            return try await back(items, cookie: cookie(attempt))
        }

        func depart() async throws -> (cookie: String, query: [URLQueryItem]) {
            let there = try await desk.send(.get, "/desk/sign-in/with/chapter")
            #expect(there.status == 303)
            let cookie = there.headers[.setCookie] ?? ""
            for part in ["HttpOnly", "SameSite=Lax", "Path=/desk/sign-in", "Max-Age=600"] {
                #expect(cookie.contains(part), "\(part)")
            }
            return (String(cookie.prefix { $0 != ";" }), try provider.signIn(at: there.headers[.location] ?? ""))
        }

        func back(_ items: [URLQueryItem], cookie: String?, to path: String = "chapter") async throws
            -> DeskHarness.Answer
        {
            let query = items.map { "\($0.name)=\(Self.encoded($0.value ?? ""))" }.joined(separator: "&")
            return try await desk.send(.get, "/desk/sign-in/with/\(path)/callback?\(query)", cookie: cookie)
        }

        private static func encoded(_ text: String) -> String {
            text.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? ""
        }

        func browser(_ answer: DeskHarness.Answer) throws -> DeskHarness.Browser {
            let cookies = answer.headers[values: .setCookie]
            let cookie = try #require(cookies.first { $0.hasPrefix("intake_desk=") })
            let value = String(cookie.prefix { $0 != ";" })
            let secret = try #require(HandedSecret(value.split(separator: "=").last ?? ""))
            return DeskHarness.Browser(desk: desk, cookie: value, csrf: secret.csrf)
        }
    }

    private static func with(
        _ driver: StoreDriver = .sqlite, _ text: @escaping @Sendable (String) -> String = { $0 },
        _ body: @escaping @Sendable (Stage) async throws -> Void
    ) async throws {
        // The harness's clock stands still at this time unless a test moves it.
        try await FakeProvider.serving(now: { Fixture.now + 600 }) { provider in
            let yaml = text(
                SignInFileTests.text(provider.issuer).replacing(
                    "desk: https://intake.example", with: "desk: http://localhost")
            )
            let file = try SignInFile.parse(Array(yaml.utf8), files: { _ in Array("secret".utf8) })
            try await DeskHarness.with(
                driver, identity: { clock in IdentityProviders(file: { file }, now: { clock.now }) }
            ) { desk in try await body(Stage(desk: desk, provider: provider)) }
        }
    }

    private static func isSignedIn(_ answer: DeskHarness.Answer) -> Bool {
        answer.headers[values: .setCookie].contains { $0.hasPrefix("intake_desk=") }
    }

    @Test(arguments: StoreDriver.allCases) func somebodyNewIsSignedInAndKnown(_ driver: StoreDriver) async throws {
        try await Self.with(driver) { stage in
            let page = try await stage.desk.send(.get, "/desk/sign-in").text
            #expect(page.contains("Sign in with Chapter account") && page.contains("You can also sign in"))
            #expect(
                page.contains(#"href="http:&#x2F;&#x2F;localhost&#x2F;desk"#)
                    || page.contains("http://localhost/desk/sign-in/with/chapter"))
            let answer = try await stage.arrive()
            #expect(answer.status == 303 && answer.headers[.location] == "/desk")
            #expect(answer.headers[values: .setCookie].contains { $0.hasPrefix("intake_desk_attempt=; Max-Age=0") })
            let ada = try stage.browser(answer)
            let inbox = try await ada.get("/desk").text
            #expect(inbox.contains("Ada Lovelace") && inbox.contains("relief-org"))
            // What they do carries their name, as for those who came by a link.
            let id = try await stage.desk.covered()
            #expect(try await ada.step(id, "assigned").status == 303)
            #expect(try await stage.desk.store.job(id)?.timeline.last?.person == "Ada Lovelace")
            let log = try await stage.desk.store.audit(AuditFilter(), before: nil, limit: 9)
            #expect(log.map(\.action) == [.stepTaken, .signedIn, .staffAdded])
            #expect(log.allSatisfy { $0.person == "ada@chapter.example" && $0.organization == "relief-org" })
            #expect(log[1].detail == "Ada Lovelace, by chapter")
            let member = try #require(try await stage.desk.store.staff().first)
            #expect(member.issuer == stage.provider.issuer && member.role == .write)
            // No secret of the provider's is kept, and none of ours.
            let dump = try await driver == .sqlite ? stage.desk.dump() : []
            #expect(!dump.contains { $0.contains("access") || $0.contains(ada.cookie.suffix(64)) })
            // Signing out says that the provider goes on.
            let out = try await ada.post("/desk/sign-out", []).text
            #expect(out.contains("Sign out at Chapter account"))
            #expect(try await ada.get("/desk").headers[.location] == "/desk/sign-in")
        }
    }

    @Test(arguments: StoreDriver.allCases) func theSessionIsAsALinks(_ driver: StoreDriver) async throws {
        try await Self.with(driver) { stage in
            let first = try stage.browser(try await stage.arrive())
            let second = try stage.browser(try await stage.arrive())
            #expect(try await stage.desk.store.staff().count == 1)
            _ = try await stage.desk.store.revokeStaff("ada@chapter.example", by: "root", at: stage.desk.clock.now)
            for browser in [first, second] { #expect(try await browser.get("/desk").status == 303) }
            let refused = try await stage.arrive()
            #expect(refused.status == 403 && refused.text.contains("ended the access") && !Self.isSignedIn(refused))
        }
    }

    @Test(arguments: StoreDriver.allCases) func whatTheProviderSaysNowCounts(_ driver: StoreDriver) async throws {
        try await Self.with(driver) { stage in
            let browser = try stage.browser(try await stage.arrive())
            stage.provider.change {
                $0.claims["groups"] = #"["staff"]"#
                $0.claims["name"] = #""Ada King""#
                $0.claims["email"] = #""Ada.King@Chapter.example""#
            }
            _ = try await stage.arrive()
            let member = try #require(try await stage.desk.store.staff().first)
            #expect(member.role == .read && member.name == "Ada King" && member.email == "ada.king@chapter.example")
            // The older session has no more rights than that.
            #expect(try await browser.post("/desk/bulk", []).status == 403)
            let log = try await stage.desk.store.audit(AuditFilter(), before: nil, limit: 9)
            let change = try #require(log.first { $0.action == .rightsChanged })
            #expect(change.detail == "write at relief-org, now read at relief-org, by chapter")
        }
    }

    @Test(arguments: StoreDriver.allCases) func whoWasAddedByHandIsTheSamePersonOnce(_ driver: StoreDriver) async throws
    {
        try await Self.with(driver) { stage in
            _ = try await stage.desk.add(DeskHarness.ada)
            _ = try stage.browser(try await stage.arrive())
            let member = try #require(try await stage.desk.store.staff().first)
            #expect(try await stage.desk.store.staff().count == 1)
            #expect(member.issuer == stage.provider.issuer)
            // Another account with her address is not her, until an operator vouches for it.
            stage.provider.change { $0.claims["sub"] = #""ada-2""# }
            let refused = try await stage.arrive()
            #expect(refused.status == 403 && refused.text.contains("somebody else is known here"))
            _ = try await stage.desk.add(DeskHarness.ada)
            let answer1 = try await stage.arrive()
            #expect(answer1.status == 303)
            // And somebody else cannot take her address later.
            stage.provider.change {
                $0.claims["sub"] = #""cleo-1""#
                $0.claims["email"] = #""cleo@chapter.example""#
            }
            let answer2 = try await stage.arrive()
            #expect(answer2.status == 303)
            stage.provider.change { $0.claims["email"] = #""ada@chapter.example""# }
            let answer3 = try await stage.arrive()
            #expect(answer3.status == 403)
            #expect(try await stage.desk.store.staff().map(\.email) == ["ada@chapter.example", "cleo@chapter.example"])
        }
    }

    @Test func whoMeetsNoRuleIsToldWhatToAskFor() async throws {
        try await Self.with { stage in
            stage.provider.change {
                $0.claims["groups"] = #"["guests","<b>x</b>"]"#
                $0.claims["name"] = #""Gus <i>Guest</i>""#
            }
            let before = try await stage.desk.dump()
            let answer = try await stage.arrive()
            #expect(answer.status == 403 && !Self.isSignedIn(answer))
            for part in [
                "You are not let in", "ada@chapter.example", "groups: guests, &lt;b&gt;x&lt;",
                "realm_access.roles: nothing", "whoever runs Intake for your organization",
            ] { #expect(answer.text.contains(part), "\(part)") }
            #expect(
                !answer.text.contains("<b>x") && !answer.text.contains("<i>Guest")
                    && !answer.text.contains("coordinators"))
            #expect(try await stage.desk.dump() == before)
            // An operator's account is for the console.
            stage.provider.change { $0.claims["realm_access"] = #"{"roles":["operator"]}"# }
            let operating = try await stage.arrive()
            #expect(operating.status == 403 && operating.text.contains("sign in at the console"))
            #expect(try await stage.desk.dump() == before)
        }
    }

    @Test(
        arguments: [
            (["email": nil], "does not say your e-mail address"), (["email": "7"], "does not say your e-mail address"),
            (["email": #""ada""#], "does not say your e-mail address"),
            (["email": #""a@b\u202ec""#], "does not say your e-mail address"),
            (["email_verified": "false"], "really yours"), (["email_verified": nil], "really yours"),
            (["email_verified": #""true""#], "really yours"),
        ] as [([String: String?], String)])
    func anAddressMustBeThePersonsOwn(_ claims: [String: String?], _ words: String) async throws {
        try await Self.with { stage in
            stage.provider.change { for (name, value) in claims { $0.claims[name] = .some(value) } }
            let answer = try await stage.arrive()
            #expect(answer.status == 403 && answer.text.contains(words) && !Self.isSignedIn(answer))
        }
    }

    @Test func aProviderMayBeTrustedWithAddresses() async throws {
        try await Self.with(.sqlite, { $0.replacing("client_id", with: "emails: trusted\n    client_id") }) { stage in
            stage.provider.change { $0.claims["email_verified"] = .some(nil) }
            let answer4 = try await stage.arrive()
            #expect(answer4.status == 303)
        }
    }

    @Test func anAnswerThatNobodyAskedForSignsNobodyIn() async throws {
        try await Self.with { stage in
            let other = try await stage.depart()
            func item(_ name: String, _ value: String?) -> (inout [URLQueryItem]) -> Void {
                { items in
                    items.removeAll { $0.name == name }
                    if let value { items.append(URLQueryItem(name: name, value: value)) }
                }
            }
            let elsewhere = other.query.first { $0.name == "state" }?.value
            let answers = [
                // An attacker's own answer, in a victim's browser: login CSRF.
                try await stage.back(other.query, cookie: nil),
                try await stage.arrive(item("state", elsewhere)), try await stage.arrive(item("state", nil)),
                try await stage.arrive(item("state", "")), try await stage.arrive(item("state", "x")),
                try await stage.arrive { items in items += items }, try await stage.arrive { items in items = [] },
                try await stage.arrive(cookie: { _ in "intake_desk_attempt=x" }),
                try await stage.arrive(cookie: { "\($0)0" }),
                try await stage.arrive(cookie: { $0.replacing("intake_desk_attempt", with: "intake_desk") }),
                try await stage.arrive(item("state", String(repeating: "a", count: 5000))),
            ]
            for answer in answers {
                #expect(answer.status == 403 && answer.text.contains("This sign-in has ended"))
                #expect(!Self.isSignedIn(answer))
            }
            #expect(stage.provider.requests(for: "/token").isEmpty)
            // The right state without a code, or with another error of the provider's.
            for (change, words) in [
                (item("code", nil), "did not sign you in"), (item("error", "access_denied"), "was told not to"),
                (item("error", "<script>"), "did not sign you in"), (item("code", "made up"), "did not sign you in"),
                (item("code", String(repeating: "a", count: 5000)), "did not sign you in"),
            ] {
                let answer = try await stage.arrive(change)
                #expect(answer.status == 403 && answer.text.contains(words) && !Self.isSignedIn(answer), "\(words)")
                #expect(!answer.text.contains("<script>"))
                #expect(answer.headers[values: .setCookie].contains { $0.contains("attempt=; Max-Age=0") })
            }
            // Another provider's answer (RFC 9207).
            let mixed = try await stage.arrive(item("iss", "https://evil.example"))
            #expect(mixed.status == 502 && !Self.isSignedIn(mixed))
            #expect(try await stage.back(other.query, cookie: other.cookie, to: "other").status == 404)
            #expect(try await stage.desk.send(.get, "/desk/sign-in/with/other").status == 404)
        }
    }

    /// Even where the provider takes a code twice, an attempt is good once, and for ten minutes.
    @Test(arguments: StoreDriver.allCases) func anAttemptIsGoodOnceAndNotForLong(_ driver: StoreDriver) async throws {
        try await Self.with(driver) { stage in
            let (cookie, query) = try await stage.depart()
            #expect(try await stage.back(query, cookie: cookie).status == 303)
            let again = try stage.provider.signIn(at: "http://x/?\(stage.provider.lastQuery)")
            let code = again.first { $0.name == "code" } ?? URLQueryItem(name: "code", value: "")
            let replayed = try await stage.back(
                query.filter { $0.name != "code" } + [code], cookie: cookie)
            #expect(replayed.status == 403 && replayed.text.contains("used already") && !Self.isSignedIn(replayed))
            let late = try await stage.depart()
            stage.desk.clock.advance(by: 601)
            #expect(try await stage.back(late.query, cookie: late.cookie).status == 403)
        }
    }

    @Test func nobodyIsLedAnywhereElse() async throws {
        try await Self.with { stage in
            let evil = "https://evil.example/"
            for query in [
                "to=\(evil)", "redirect_uri=\(evil)", "next=//evil.example", "return=\(evil)", "state=x&code=y",
                "provider=\(evil)", "issuer=\(evil)",
            ] {
                let there = try await stage.desk.send(
                    .get, "/desk/sign-in/with/chapter?\(query)", headers: [.init("X-Forwarded-Host")!: "evil.example"])
                let location = there.headers[.location] ?? ""
                #expect(location.hasPrefix("\(stage.provider.issuer)/authorize?"), "\(query)")
                #expect(!location.contains("evil"), "\(query)")
                #expect(
                    location.contains(
                        "redirect_uri=http%3A%2F%2Flocalhost%2Fdesk%2Fsign-in%2Fwith%2Fchapter%2Fcallback"))
            }
            let answer = try await stage.arrive { items in
                items += ["to", "redirect_uri", "next"].map { URLQueryItem(name: $0, value: evil) }
            }
            #expect(answer.status == 303 && answer.headers[.location] == "/desk")
            for id in ["%2F%2Fevil.example", "..", "chapter%2F..", "%00", "Chapter"] {
                let answer = try await stage.desk.send(.get, "/desk/sign-in/with/\(id)")
                #expect(answer.status == 404 && answer.headers[.location] == nil, "\(id)")
            }
        }
    }

    @Test func aProviderThatIsAwayOrTalksRubbishSignsNobodyIn() async throws {
        try await Self.with { stage in
            stage.provider.change { $0.answers["/token"] = .init("503 Away") }
            let away = try await stage.arrive()
            #expect(away.status == 503 && away.text.contains("Chapter account does not answer"))
            #expect(away.headers[.retryAfter] == "60" && away.text.contains("Sign in with a link"))
            stage.provider.change { $0.answers["/token"] = .init("200 OK", body: "<html>") }
            let answer5 = try await stage.arrive()
            #expect(answer5.status == 502)
            stage.provider.change { $0.answers = [:] }
            for (name, value) in [
                ("aud", #""other""#), ("iss", #""https://evil.example""#), ("nonce", #""x""#), ("exp", "1"),
            ] {
                stage.provider.change { $0.claims = [name: value] }
                let answer = try await stage.arrive()
                #expect(answer.status == 502 && answer.text.contains("cannot be believed"), "\(name)")
                #expect(!Self.isSignedIn(answer))
            }
        }
        try await Self.with { stage in
            stage.provider.change { $0.answers["/.well-known/openid-configuration"] = .init("503 Away") }
            let answer = try await stage.desk.send(.get, "/desk/sign-in/with/chapter")
            #expect(answer.status == 503 && answer.headers[.location] == nil)
            // Links go on.
            let code = try await stage.desk.add(DeskHarness.ada)
            #expect(try await stage.desk.send(.post, "/desk/sign-in/\(code.text)", form: []).status == 303)
        }
    }
}
