import Contracts
import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Pages
import Testing

@testable import IngestService

@Suite("The console", .serialized)
struct ConsoleTests {
    private struct Console: Sendable {
        let client: any TestClientProtocol
        let store: RequestStore
        let routes: [(method: HTTPRequest.Method, path: String)]
        let clock: DeskHarness.Clock

        func send(
            _ method: HTTPRequest.Method, _ path: String, cookie: String? = nil, form: [(String, String)]? = nil
        ) async throws -> DeskHarness.Answer {
            var headers: HTTPFields = [:]
            headers[.cookie] = cookie
            if form != nil { headers[.contentType] = "application/x-www-form-urlencoded" }
            let body = form.map { $0.map { "\($0)=\(DeskHarness.encoded($1))" }.joined(separator: "&") }
            return try await client.execute(
                uri: path, method: method, headers: headers, body: body.map { ByteBuffer(string: $0) }
            ) { response in
                DeskHarness.Answer(
                    status: response.status.code, headers: response.headers,
                    text: String(decoding: response.body.readableBytesView, as: UTF8.self))
            }
        }

        func add(_ person: NewStaffMember) async throws -> SignInCode {
            let code = SignInCode()
            _ = try await store.addStaff(
                person, token: PersonToken.hash(PersonToken.make()), link: code.link(until: clock.now + 86400),
                by: "root",
                at: clock.now)
            return code
        }

        func signIn() async throws -> (cookie: String, csrf: String) {
            let code = try await add(DeskHarness.olu)
            let answer = try await send(.post, "/console/sign-in/\(code.text)", form: [])
            let cookie = try #require(answer.headers[.setCookie]?.split(separator: ";").first.map(String.init))
            return (cookie, try #require(HandedSecret(cookie.split(separator: "=").last ?? "")).csrf)
        }
    }

    private static func with(_ body: @escaping @Sendable (Console) async throws -> Void) async throws {
        try await withSQLiteStore { store, _ in
            let clock = DeskHarness.Clock()
            let router = Router(context: BasicRequestContext.self, options: .autoGenerateHeadEndpoints)
            let room = ConsoleRoom(
                store: store, templates: try PageTemplates(), history: FlowHistory(), now: { clock.now })
            room.register(on: router.group())
            let routes = router.routes.map { (method: $0.method, path: "\($0.path)") }
            try await Application(router: router).test(.router) { client in
                try await body(Console(client: client, store: store, routes: routes, clock: clock))
            }
        }
    }

    private static func request(
        _ store: RequestStore, _ facts: [ProgressUpdate] = [], id: String = UUID().uuidString
    ) async throws -> Contracts.RequestID {
        let request = Fixture.newRequest(submission: Fixture.submission(providerRequestID: id))
        _ = try await store.accept(request, event: try Fixture.event(request))
        for fact in facts { _ = try await store.apply(fact, to: request.id) }
        return request.id
    }

    @Test func withoutAnOperatorsSessionNothingIsShown() async throws {
        try await Self.with { console in
            let id = try await Self.request(console.store, [Fixture.dead(.geocode, after: 2)], id: "R-1")
            let ada = try await console.add(DeskHarness.ada)
            #expect(try await console.send(.post, "/console/sign-in/\(ada.text)", form: []).status == 403)
            let session = HandedSecret()
            let signedIn = try await console.store.signIn(
                ada.selector, secret: ada.secret.hash, isConsole: false, session: session.hash,
                until: console.clock.now + 999, at: console.clock.now)
            guard case .opened = signedIn else { throw CancellationError() }
            let open: Set<String> = [
                "GET /console/assets/{name}", "GET /console/sign-in", "POST /console/sign-in",
                "GET /console/sign-in/{code}",
                "POST /console/sign-in/{code}", "GET /console/**",
            ]
            let routes = console.routes.filter { $0.method != .head && !open.contains("\($0.method) \($0.path)") }
            #expect(routes.count >= 8)
            for route in routes {
                let path = route.path.replacing("{id}", with: "\(id)")
                // Nobody's, and that of somebody at a desk.
                for cookie in [nil, "intake_console=\(session.text)", "intake_desk=\(session.text)"] {
                    let answer = try await console.send(
                        route.method, path, cookie: cookie, form: route.method == .post ? [("csrf", session.csrf)] : nil
                    )
                    #expect(answer.status == (route.method == .post ? 401 : 303), "\(path)")
                    #expect(!answer.text.contains("R-1"), "\(path)")
                }
            }
        }
    }

    @Test func theFlowsNumbersAreTheAudits() async throws {
        try await Self.with { console in
            let store = console.store
            let told: [ProgressUpdate] = [Fixture.geocoded(), Fixture.decided(), Fixture.delivered()]
            for _ in 0..<3 { _ = try await Self.request(store, told) }
            _ = try await Self.request(store)
            _ = try await Self.request(store, [Fixture.geocoded()])
            _ = try await Self.request(store, [Fixture.geocoded(), Fixture.decided()])
            _ = try await Self.request(store, [Fixture.geocoded(), Fixture.reviewRequested()])
            _ = try await Self.request(store, [Fixture.dead(.geocode, after: 2)])
            let figures = try await store.flow(at: console.clock.now)
            let counts = try await store.requestCounts()
            #expect(figures.counts == counts)
            let pending = Stage.allCases.reduce(0) { $0 + (figures.parts[$1]?.waiting ?? 0) }
            #expect(pending == figures.pending && figures.pending == 3)
            #expect(figures.parts[.geocode]?.dead == 1 && figures.whole?.median == 3)
            let values = FlowView(figures, []).values
            #expect(
                values["accepted"] == "8" && values["told"] == "3" && values["review"] == "1" && values["dead"] == "1")
            let session = try await console.signIn()
            let page = try await console.send(.get, "/console", cookie: session.cookie).text
            #expect(page.contains(#"data-value="accepted">8<"#) && page.contains("accepted = told"))
        }
    }

    @Test func whatFailedIsShownWithItsReasonAndNothingPersonal() async throws {
        try await Self.with { console in
            let id = try await Self.request(console.store, [Fixture.dead(.geocode, after: 2)], id: "R-7")
            let session = try await console.signIn()
            let list = try await console.send(.get, "/console/failed?stage=geocode", cookie: session.cookie).text
            let letter = Fixture.messageID(.geocode).canonical
            #expect(list.contains("/console/failed/\(letter)") && list.contains("intake dead replay --stage geocode"))
            for path in ["/console/failed/\(letter)"] {
                let page = try await console.send(.get, path, cookie: session.cookie)
                #expect(page.status == 200 && page.text.contains("intake dead replay \(letter)"))
                #expect(!page.text.contains("1 Main St") && !page.text.contains("Ada Example"))
            }
            for (query, place) in [
                ("\(id)", "/console/requests/\(id)"), ("R-7", "/console/requests/\(id)"),
                (letter, "/console/failed/\(letter)"),
            ] {
                #expect(
                    try await console.send(.get, "/console/requests?q=\(query)", cookie: session.cookie).headers[
                        .location] == place)
            }
            let missing = try await console.send(.get, "/console/requests?q=nobody", cookie: session.cookie)
            #expect(missing.text.contains("No request has this id"))
            let page = try await console.send(.get, "/console/requests/\(id)", cookie: session.cookie).text
            #expect(page.contains("Failed at geocode") && page.contains("R-7") && !page.contains("Ada Example"))
            for path in [
                "/console/requests/x", "/console/failed/x", "/console/failed/\(UUID().canonical)", "/console/x",
            ] {
                #expect(try await console.send(.get, path, cookie: session.cookie).status == 404)
            }
        }
    }

    @Test func theAuditLogSaysWhoDidWhat() async throws {
        try await Self.with { console in
            let session = try await console.signIn()
            for index in 0..<105 {
                try await console.store.note(
                    AuditEntry(
                        at: Fixture.now + Double(index), person: "p\(index % 2)@x.example", action: .noted,
                        detail: "<b>\(index)"))
            }
            let page = try await console.send(.get, "/console/audit", cookie: session.cookie).text
            #expect(page.contains("&lt;b&gt;104") && !page.contains("<b>") && page.contains("Older"))
            let one = try await console.send(.get, "/console/audit?person=P1@x.example", cookie: session.cookie).text
            #expect(one.contains("p1@x.example") && !one.contains("p0@x.example") && !one.contains("Older"))
        }
    }

    @Test func linesAreDrawnFromWhatWasCounted() {
        let history = FlowHistory()
        let now = Fixture.now
        for second in stride(from: 0, through: 600, by: 5) {
            history.record(
                [RequestCounts(provider: "p", accepted: second, told: second / 2, pending: 0, review: 0, dead: 0)],
                at: now + Double(second))
        }
        let lines = FlowHistory.perMinute(history.all, now: now + 600) { $0.accepted }
        #expect(
            lines.count == 60 && lines.suffix(10).allSatisfy { abs(($0 ?? 0) - 60) < 0.01 }
                && lines.prefix(50).allSatisfy { $0 == nil })
        // A clock that was set back begins anew.
        history.record([], at: now)
        #expect(history.all.count == 1)
        #expect(FlowHistory.perMinute([], now: now) { $0.told }.allSatisfy { $0 == nil })
    }
}
