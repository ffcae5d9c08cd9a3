import AdminAPI
import Contracts
import DeadLetters
import Foundation
import HTTPListener
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Logging
import Pages
import TestSupport
import Testing

@testable import IngestService

@Suite("The console", .serialized)
struct ConsoleTests {
    private struct Console: Sendable {
        let client: any TestClientProtocol
        let store: RequestStore
        let routes: [(method: HTTPRequest.Method, path: String)]
        let clock: DeskHarness.Clock
        let runs: RemedyRuns
        let history: FlowHistory
        let refusals: RefusalTally
        let callbacks: FakeCallbackService

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

    private static func with(
        _ driver: StoreDriver, work: @escaping RemedyRuns.Work = { _, _ in [] },
        _ body: @escaping @Sendable (Console) async throws -> Void
    ) async throws {
        try await driver.withStore { store in
            let clock = DeskHarness.Clock()
            let router = Router(context: BasicRequestContext.self, options: .autoGenerateHeadEndpoints)
            let (history, refusals, callbacks) = (FlowHistory(), RefusalTally(), FakeCallbackService())
            let runs = RemedyRuns(store: store, logger: Logger(label: "test"), now: { clock.now }, work: work)
            let room = ConsoleRoom(
                store: store, templates: try PageTemplates(), history: history, runs: runs,
                providers: { Fixture.directory }, refusals: refusals, peers: callbacks.peers,
                identity: IdentityProviders(), now: { clock.now })
            room.register(on: router.group())
            let routes = router.routes.map { (method: $0.method, path: "\($0.path)") }
            try await Application(router: router).test(.router) { client in
                try await withThrowingTaskGroup(of: Void.self) { group in
                    group.addTask { try await runs.run() }
                    defer { group.cancelAll() }
                    try await body(
                        Console(
                            client: client, store: store, routes: routes, clock: clock, runs: runs, history: history,
                            refusals: refusals, callbacks: callbacks))
                }
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

    @Test(arguments: StoreDriver.allCases) func withoutAnOperatorsSessionNothingIsShown(_ driver: StoreDriver)
        async throws
    {
        try await Self.with(driver) { console in
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
                "POST /console/sign-in/{code}", "GET /console/sign-in/with/{provider}",
                "GET /console/sign-in/with/{provider}/callback", "GET /console/**",
            ]
            let routes = console.routes.filter { $0.method != .head && !open.contains("\($0.method) \($0.path)") }
            #expect(routes.count >= 14)
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

    @Test(arguments: StoreDriver.allCases) func theFlowsNumbersAreTheAudits(_ driver: StoreDriver) async throws {
        try await Self.with(driver) { console in
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

    /// The answer is told, so the request counts as told; that its newest step is not stands beside it.
    @Test(arguments: StoreDriver.allCases) func aStepThatIsNotTakenIsNoGreenRequest(_ driver: StoreDriver) async throws
    {
        try await Self.with(driver) { console in
            let store = console.store
            let told: [ProgressUpdate] = [Fixture.geocoded(), Fixture.decided(), Fixture.delivered()]
            let id = try await Self.request(store, told)
            _ = try await Self.request(store, told)
            func state() async throws -> [String?] {
                let request = try #require(try await store.request(id))
                let values = FlowView(try await store.flow(at: console.clock.now), []).values
                return [JobPage.state(request).word, JobPage.state(request).tone, values["callback.steps"]]
            }
            #expect(try await state() == ["Told", "good", "0"])
            let change = StatusChange(step: .assigned, at: Fixture.now + 9, traceParent: Fixture.traceParent)
            guard case .changed = try await store.changeStatus(of: id, within: Fixture.provider.organization, change)
            else { throw CancellationError() }
            #expect(try await state() == ["Step not told yet", "wait", "1"])
            _ = try await store.apply(Fixture.retrying(.callback, after: 10), to: id)
            #expect(try await state() == ["Step not told yet", "wait", "1"])
            var letter = Fixture.letter(.callback, after: 11, id: Fixture.messageID(.callback), of: id)
            letter.deadLettering.sequence = 2
            _ = try await store.apply(.dead(letter), to: id)
            #expect(try await state() == ["Step given up", "bad", "0"])
            _ = try await store.apply(Fixture.delivered(sequence: 2, after: 12), to: id)
            #expect(try await state() == ["Told", "good", "0"])
        }
    }

    @Test(arguments: StoreDriver.allCases) func whatFailedIsShownWithItsReasonAndNothingPersonal(_ driver: StoreDriver)
        async throws
    {
        try await Self.with(driver) { console in
            let id = try await Self.request(console.store, [Fixture.dead(.geocode, after: 2)], id: "R-7")
            let session = try await console.signIn()
            let list = try await console.send(.get, "/console/failed?stage=geocode", cookie: session.cookie).text
            let letter = Fixture.messageID(.geocode).canonical
            #expect(list.contains("/console/failed/\(letter)") && list.contains("Replay one letter"))
            for path in ["/console/failed/\(letter)"] {
                let page = try await console.send(.get, path, cookie: session.cookie)
                #expect(page.status == 200 && page.text.contains("/console/failed/\(letter)/replay"))
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

    /// Every route that changes something, from the router: it wants the session's own token, and a session that lasts.
    @Test func aForgedTokenOrAnExpiredSessionChangesNothing() async throws {
        let orders = Orders()
        try await Self.with(
            .sqlite,
            work: { order, _ in
                await orders.add(order)
                return []
            }
        ) { console in
            let id = try await Self.request(console.store, [Fixture.dead(.geocode, after: 2)])
            let session = try await console.signIn()
            let paths = console.routes.filter { $0.method == .post && !$0.path.contains("sign-in") }.map {
                $0.path.replacing("{id}", with: "\(id)")
            }
            #expect(paths.count >= 3)
            let form = [("stage", "geocode"), ("careful", "yes"), ("why", "because")]
            let own = session.csrf
            for path in paths {
                for csrf in [nil, "", "x", own + "0", String(own.dropLast()), HandedSecret().csrf] {
                    let fields = (csrf.map { [("csrf", $0)] } ?? []) + form
                    let answer = try await console.send(.post, path, cookie: session.cookie, form: fields)
                    #expect(answer.status == 403, "\(path) \(csrf ?? "none")")
                }
            }
            console.clock.advance(by: 13 * 3600)
            for path in paths {
                let answer = try await console.send(
                    .post, path, cookie: session.cookie, form: [("csrf", own)] + form)
                #expect(answer.status == 401, "\(path)")
            }
            #expect(console.runs.newest == nil)
            #expect(await orders.all.isEmpty)
        }
    }

    private actor Orders {
        private(set) var all: [RemedyOrder] = []
        func add(_ order: RemedyOrder) { all.append(order) }
    }

    /// Waits until what was asked for has ended.
    private static func awaitEnd(_ console: Console) async throws -> RemedyProgress {
        try await eventually("it has ended") {
            guard let newest = console.runs.newest, newest.state != .underWay else { return nil }
            return newest
        }
    }

    @Test func anOperatorReplaysAndDiscards() async throws {
        let orders = Orders()
        try await Self.with(
            .sqlite,
            work: { order, tally in
                await orders.add(order)
                tally.count { tally in
                    (tally.total, tally.seen) = (3, 2)
                    if order.remedy == .replay { tally.replayed = 2 } else { tally.discarded = 1 }
                }
                return order.choice.ids
            }
        ) { console in
            let id = try await Self.request(console.store, id: "R-7")
            let dead = Fixture.letter(.geocode, after: 2, id: Fixture.messageID(.geocode), of: id)
            _ = try await console.store.apply(.dead(dead), to: id)
            let session = try await console.signIn()
            func post(_ path: String, _ form: [(String, String)]) async throws -> DeskHarness.Answer {
                try await console.send(
                    .post, path, cookie: session.cookie, form: [("csrf", session.csrf)] + form)
            }
            let letter = Fixture.messageID(.geocode)
            for (path, form, status) in [
                ("replay", [("careful", "yes")], 422), ("replay", [("stage", "nothing")], 422),
                ("replay", [("stage", "geocode"), ("partner", "nobody")], 409),
                ("\(letter.canonical)/discard", [("stage", "geocode"), ("why", "  ")], 422),
                ("\(letter.canonical)/discard", [("stage", "geocode"), ("why", "\u{7}")], 422),
                (
                    "\(letter.canonical)/discard",
                    [("stage", "geocode"), ("why", String(repeating: "x", count: 501))], 422
                ),
                ("\(letter.canonical)/replay", [("stage", "callback")], 409), ("\(letter.canonical)/replay", [], 422),
                ("\(UUID().canonical)/replay", [("stage", "geocode")], 404), ("x/replay", [("stage", "geocode")], 404),
            ] as [(String, [(String, String)], Int)] {
                #expect(try await post("/console/failed/\(path)", form).status == status, "\(path) \(form)")
            }
            #expect(await orders.all.isEmpty && console.runs.newest == nil)
            #expect(
                try await console.send(.get, "/console/failed/run", cookie: session.cookie).headers[.location]
                    == "/console/failed")

            let group = [("stage", "geocode"), ("reason", "out-of-attempts"), ("careful", "yes")]
            #expect(try await post("/console/failed/replay", group).headers[.location] == "/console/failed/run")
            #expect(try await Self.awaitEnd(console).state == .ended(missing: 0))
            let page = try await console.send(.get, "/console/failed/run", cookie: session.cookie).text
            #expect(page.contains("2 replayed") && page.contains("Olu Ops") && page.contains("Ended"))
            let partner = [("stage", "geocode"), ("partner", Fixture.provider.id)]
            #expect(try await post("/console/failed/replay", partner).status == 303)
            _ = try await Self.awaitEnd(console)
            #expect(try await post("/console/failed/\(letter.canonical)/replay", [("stage", "geocode")]).status == 303)
            _ = try await Self.awaitEnd(console)
            let why = [("stage", "geocode"), ("why", " asked <twice> ")]
            #expect(try await post("/console/failed/\(id)/discard", why).status == 303)
            _ = try await Self.awaitEnd(console)
            #expect(
                try await console.send(.get, "/console/failed/run", cookie: session.cookie).text.contains(
                    "asked &lt;twice&gt;"))
            let all = await orders.all
            try #require(all.count == 4)
            #expect(all[0].isCanary && all[0].choice == DeadLetterChoice(reason: "out-of-attempts"))
            #expect(!all[1].isCanary && all[1].choice.ids == [letter] && all[2].choice.ids == [letter])
            #expect(all[3].remedy == .discard(why: "asked <twice>") && all[3].request == id)
            #expect(all.allSatisfy { $0.by.name == "Olu Ops" && $0.stage == .geocode })
            let log = try await console.store.audit(AuditFilter(person: DeskHarness.olu.email), before: nil, limit: 99)
            // Each when it was asked for, and when it had ended.
            #expect(
                log.filter { $0.action == .replayed }.count == 6 && log.filter { $0.action == .discarded }.count == 2)
            #expect(log.contains { $0.detail == "geocode, out-of-attempts, one first: 2 replayed, 1 not looked at" })
        }
    }

    @Test(arguments: StoreDriver.allCases)
    func aGroupIsDiscardedAsItWasSeen(_ driver: StoreDriver) async throws {
        let orders = Orders()
        try await Self.with(
            driver,
            work: { order, tally in
                await orders.add(order)
                tally.count { ($0.total, $0.seen, $0.discarded) = (3, 3, order.choice.ids.count) }
                return order.choice.ids
            }
        ) { console in
            var letters: [UUID] = []
            for index in 0..<3 {
                let id = try await Self.request(console.store, id: "R-\(index)")
                letters.append(UUID())
                let dead = Fixture.letter(.geocode, after: 2 + Double(index), id: letters[index], of: id)
                _ = try await console.store.apply(.dead(dead), to: id)
            }
            let session = try await console.signIn()
            func post(_ form: [(String, String)]) async throws -> Int {
                try await console.send(
                    .post, "/console/failed/discard", cookie: session.cookie, form: [("csrf", session.csrf)] + form
                ).status
            }
            let path = "/console/failed?stage=geocode&reason=out-of-attempts&partner=portal"
            let page = try await console.send(.get, path, cookie: session.cookie).text
            #expect(page.contains("Discard these 3 letters") && page.contains(#"name="count" value="3""#))
            let group = [("stage", "geocode"), ("reason", "out-of-attempts"), ("partner", "portal")]
            for (form, status) in [
                (group + [("count", "3")], 422), (group + [("count", "3"), ("why", "  ")], 422),
                (group + [("count", "3"), ("why", String(repeating: "x", count: 501))], 422),
                (group + [("why", "old")], 422), (group + [("why", "old"), ("count", "-1")], 422),
                (group + [("why", "old"), ("count", "x")], 422), ([("why", "old"), ("count", "3")], 422),
                ([("stage", "callback"), ("why", "old"), ("count", "3")], 409),
                // One has died since the page was loaded.
                (group + [("why", "old"), ("count", "2")], 409),
            ] as [([(String, String)], Int)] {
                #expect(try await post(form) == status, "\(form)")
            }
            #expect(await orders.all.isEmpty && console.runs.newest == nil)
            #expect(try await post(group + [("why", " too <old> "), ("count", "3")]) == 303)
            _ = try await Self.awaitEnd(console)
            let order = try #require(await orders.all.first)
            #expect(order.choice == DeadLetterChoice(ids: Set(letters)) && order.stage == .geocode)
            #expect(order.remedy == .discard(why: "too <old>"))
            let log = try await console.store.audit(AuditFilter(), before: nil, limit: 9)
            #expect(
                log.contains {
                    $0.action == .discarded
                        && $0.detail == "geocode, out-of-attempts, portal, 3 letters: too <old>: 3 discarded"
                })
        }
    }

    @Test func oneRunGoesOnAtATimeAndSaysWhyItStopped() async throws {
        let gate = AsyncStream<Void>.makeStream()
        try await Self.with(
            .sqlite,
            work: { _, tally in
                tally.count { ($0.total, $0.seen, $0.replayed) = (9, 1, 1) }
                for await _ in gate.stream { break }
                throw DeadLetterTrouble(.diedAgain, "stopped: it died again\u{1B}[2J <b>")
            }
        ) { console in
            _ = try await Self.request(console.store, [Fixture.dead(.geocode, after: 2)])
            let session = try await console.signIn()
            let form = [("csrf", session.csrf), ("stage", "geocode"), ("careful", "yes")]
            let path = "/console/failed/replay"
            #expect(try await console.send(.post, path, cookie: session.cookie, form: form).status == 303)
            #expect(try await console.send(.post, path, cookie: session.cookie, form: form).status == 409)
            let list = try await console.send(.get, "/console/failed?stage=geocode", cookie: session.cookie).text
            #expect(list.contains("under way") && !list.contains("Replay one first"))
            gate.continuation.yield()
            let end = try await Self.awaitEnd(console)
            guard case .stopped(let why) = end.state else {
                Issue.record("it has not stopped")
                return
            }
            #expect(why.contains("died again") && !why.contains("\u{1B}"))
            let page = try await console.send(.get, "/console/failed/run", cookie: session.cookie).text
            #expect(
                page.contains("1 replayed, 8 not looked at") && page.contains("&lt;b&gt;") && page.contains("Stopped"))
            #expect(RunView(end).values["run.state"] == "Stopped")
        }
    }

    @Test func partnersAreShownWithWhatTheyAreRefusedAndHowTheyAnswer() async throws {
        try await Self.with(.sqlite) { console in
            let store = console.store
            _ = try await Self.request(store, [Fixture.geocoded(), Fixture.decided(), Fixture.delivered()])
            let failed = [Fixture.geocoded(), Fixture.decided(), Fixture.attempted(1, after: 3)]
            _ = try await Self.request(store, failed + [Fixture.dead(.callback, after: 4)])
            let invalid = Problem.invalid([
                FieldError(pointer: "/PostalCode", detail: "x", code: .format),
                FieldError(pointer: "/<b>mine</b>", detail: "x", code: .conflict),
            ])
            for problem in [invalid, invalid, Problem.malformed] {
                console.refusals.count(problem, of: Fixture.provider.id, at: Fixture.now)
            }
            console.history.record(try await store.requestCounts(), at: console.clock.now - 60)
            _ = try await Self.request(store)
            console.history.record(try await store.requestCounts(), at: console.clock.now)
            let session = try await console.signIn()
            let page = try await console.send(.get, "/console/partners", cookie: session.cookie).text
            for text in [
                "portal", "relief-org", "Callbacks given up", "zip format", "other conflict", "malformed", "50.0 %",
                "connection-refused", "/console/failed?stage=callback&amp;partner=portal", "No limit was agreed",
                "Test callback", "https://portal.example",
            ] { #expect(page.contains(text), "\(text)") }
            #expect(!page.contains("<b>"))
            #expect(FlowHistory.lastHour(console.history.all, of: Fixture.provider.id, now: console.clock.now) == 1)
            _ = try await store.apply(Fixture.degraded(after: 9), to: Fixture.id())
            let degraded = try await console.send(.get, "/console/partners", cookie: session.cookie).text
            #expect(degraded.contains("Endpoint left alone"))
        }
    }

    @Test func refusalsHaveAnEnd() {
        let tally = RefusalTally()
        for index in 0..<2000 {
            tally.count(
                .invalid([FieldError(pointer: "/\(index)", detail: "", code: .init(rawValue: "\(index)"))]), of: "p",
                at: Fixture.now)
            tally.count(.malformed, of: "partner \(index)", at: Fixture.now)
        }
        #expect(tally.entries(of: "p").count == 64 && tally.entries(of: "partner 1999").isEmpty)
        #expect(tally.entries(of: "partner 3").map(\.count) == [1])
    }

    @Test func theAuditLogIsForgottenInTime() async throws {
        try await withSQLiteStore { store, _ in
            for index in 0..<10 {
                try await store.note(
                    AuditEntry(at: Fixture.now + Double(index), person: "ada@x.example", action: .noted))
            }
            let times = RetentionTimes(personalData: .seconds(1), jobs: .seconds(1), audit: .seconds(100))
            let sweep = try #require(RetentionSweep.all(times).first { $0.name == "audit-log" })
            #expect(try await sweep.run(store, Fixture.now + 104, 3) == 3)
            #expect(try await sweep.run(store, Fixture.now + 104, 3) == 1)
            #expect(try await sweep.run(store, Fixture.now + 104, 3) == 0)
            #expect(try await store.audit(AuditFilter(), before: nil, limit: 99).count == 6)
        }
    }

    @Test func callbacksAreTestedPausedAndResumed() async throws {
        try await Self.with(.sqlite) { console in
            let session = try await console.signIn()
            func page() async throws -> String {
                try await console.send(.get, "/console/partners", cookie: session.cookie).text
            }
            func post(_ order: String, _ form: [(String, String)]) async throws -> DeskHarness.Answer {
                try await console.send(
                    .post, "/console/partners/\(order)", cookie: session.cookie,
                    form: [("csrf", session.csrf)] + form)
            }
            _ = try await Self.request(console.store)
            let first = try await page()
            #expect(first.contains("https://portal.example") && first.contains("Signed with one secret, 0a1b2c3d."))
            #expect(!first.contains("Resume callbacks"))
            for (order, form, status) in [
                ("test", [], 422), ("test", [("partner", "nobody")], 409), ("pause", [("partner", "portal")], 422),
                ("pause", [("partner", "portal"), ("why", "\u{7}")], 422), ("resume", [], 422),
                ("pause", [("partner", "no/../where"), ("why", "x")], 409),
            ] as [(String, [(String, String)], Int)] {
                #expect(try await post(order, form).status == status, "\(order) \(form)")
            }
            #expect(console.callbacks.now.paused.isEmpty)
            let tested = try await post("test", [("partner", "portal")])
            #expect(tested.status == 200 && tested.text.contains("A receipt") && tested.text.contains("HTTP 200"))
            let answer = try await post("pause", [("partner", "portal"), ("why", " they <move> ")])
            #expect(answer.headers[.location] == "/console/partners?done=paused")
            #expect(console.callbacks.now.paused["portal"]?.by == "Olu Ops")
            let paused = try await page()
            #expect(paused.contains("Paused by Olu Ops") && paused.contains("they &lt;move&gt;"))
            #expect(paused.contains("Resume callbacks") && paused.contains("Callbacks paused"))
            #expect(try await post("resume", [("partner", "portal")]).status == 303)
            #expect(console.callbacks.now.paused.isEmpty)
            console.callbacks.change { $0.isAway = true }
            for order in ["test", "resume"] {
                let away = try await post(order, [("partner", "portal")])
                #expect(away.status == 503 && away.text.contains("CallbackService cannot be asked"))
            }
            let log = try await console.store.audit(AuditFilter(person: DeskHarness.olu.email), before: nil, limit: 99)
            let entries = log.map { "\($0.action.rawValue): \($0.detail ?? "")" }
            #expect(entries.contains("paused callbacks: portal: they <move>"))
            #expect(entries.contains("resumed callbacks: portal") && entries.contains("sent a test callback: portal"))
            #expect(entries.first?.contains("it did not work") == true)
        }
    }

    @Test func thePartnersPageIsThereWithoutCallbackService() async throws {
        try await Self.with(.sqlite) { console in
            let session = try await console.signIn()
            _ = try await Self.request(console.store)
            console.callbacks.change { $0.isAway = true }
            let page = try await console.send(.get, "/console/partners", cookie: session.cookie)
            #expect(page.status == 200 && page.text.contains("CallbackService does not tell all"))
            #expect(page.text.contains("intake callbacks test portal") && !page.text.contains("Pause callbacks"))
        }
    }

    /// Several processes that share nothing: each is told, and what is only partly so is said.
    @Test func eachProcessIsTold() async throws {
        let (one, two) = (FakeCallbackService(), FakeCallbackService())
        let peers = CallbackPeers([one.client, two.client])
        #expect(try await peers.set(paused: true, "portal", by: "Olu", why: "x"))
        #expect(one.now.paused.count == 1 && two.now.paused.count == 1)
        #expect(await peers.partners().byID["portal"]?.pausedIn == 2)
        two.change { $0.isAway = true }
        await #expect(throws: PeerProblem.self) { try await peers.set(paused: false, "portal", by: "Olu", why: nil) }
        #expect(one.now.paused.isEmpty && two.now.paused.count == 1)
        two.change { $0.isAway = false }
        let partner = try #require(await peers.partners().byID["portal"])
        #expect(partner.pausedIn == 1 && partner.pause?.by == "Olu")
        one.change { $0.isAway = true }
        #expect(try await peers.test("portal")?.receipt.isReceipt == true, "another one answers")
        #expect(await CallbackPeers([one.client]).partners().problem?.contains("does not answer") == true)
    }

    /// What partners answer, what operators write, and what stages say of their failures, on the pages that show them.
    @Test func hostileTextIsTextOnEveryPage() async throws {
        let markup = [
            "<script>alert(1)</script>", "\"><img src=x onerror=alert(1)>", "{{page}}{{{page}}}", "\u{202E}evil",
            "a\u{0}b", "</textarea></main>", "</pre><b>", "javascript:alert(1)", "<!--", "]]>",
        ]
        let strings =
            Corpus.isThere
            ? markup + (try JSONDecoder().decode([String].self, from: try Corpus.data("strings/blns.json"))) : markup
        try await Self.with(
            .sqlite,
            work: { order, tally in
                tally.count { ($0.total, $0.seen) = (1, 1) }
                if case .discard(let why) = order.remedy { throw DeadLetterTrouble(.refused, "stopped: \(why)") }
                return []
            }
        ) { console in
            let session = try await console.signIn()
            for (index, text) in strings.enumerated() where !text.isEmpty {
                let request = Fixture.newRequest(
                    provider: Provider(id: "p\(index) \(text)", organization: "o \(text)"),
                    submission: Fixture.submission(providerRequestID: "\(index) \(text)"))
                _ = try await console.store.accept(request, event: try Fixture.event(request))
                let message = UUID()
                var letter = Fixture.letter(.geocode, after: 2, id: message, of: request.id)
                letter.deadLettering.error = StageError(code: "c \(text)", message: "m \(text)")
                letter.deadLettering.reason = .init(rawValue: "r\(index) \(text)")
                _ = try await console.store.apply(.dead(letter), to: request.id)
                console.refusals.count(
                    Problem(status: .badRequest, code: "x \(text)", detail: text), of: request.provider.id,
                    at: Fixture.now)
                console.callbacks.change {
                    $0.providers = ["portal", request.provider.id]
                    $0.secrets = [text]
                    $0.paused = [request.provider.id: (by: "b \(text)", why: "w \(text)")]
                    $0.answer = text
                }
                let why = String("w \(text)".prefix(400))
                let form = [("csrf", session.csrf), ("stage", "geocode"), ("why", why)]
                let discarded = try await console.send(
                    .post, "/console/failed/\(message.canonical)/discard", cookie: session.cookie, form: form)
                if discarded.status == 303 {
                    _ = try await Self.awaitEnd(console)
                } else {
                    #expect(discarded.status == 422, "\(text.debugDescription)")
                }
                var pages = [discarded]
                var paths = ["/console/failed/\(message.canonical)", "/console/failed/run"]
                // They show many at once.
                if index.isMultiple(of: 20) {
                    paths += ["/console/failed", "/console/partners", "/console", "/console/audit"]
                }
                for path in paths {
                    pages.append(try await console.send(.get, path, cookie: session.cookie))
                }
                pages.append(
                    try await console.send(
                        .post, "/console/partners/test", cookie: session.cookie,
                        form: [("csrf", session.csrf), ("partner", "portal")]))
                for page in pages {
                    #expect([200, 303, 422].contains(page.status), "\(text.debugDescription)")
                    let isMarkup = text.contains("<") && text.utf8.count >= 4
                    let isThere = Data(page.text.utf8).range(of: Data(text.utf8)) != nil
                    #expect(!isMarkup || !isThere, "\(text.debugDescription)")
                    #expect(!page.text.unicodeScalars.contains { $0 == "\u{202E}" || $0 == "\u{0}" })
                }
            }
            // All of them together.
            let failed = try await console.send(.get, "/console/failed", cookie: session.cookie)
            #expect(failed.status == 200 && !failed.text.contains("<script>alert(1)"))
        }
    }

    @Test(arguments: StoreDriver.allCases) func theAuditLogSaysWhoDidWhat(_ driver: StoreDriver) async throws {
        try await Self.with(driver) { console in
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
        #expect(FlowHistory.start(history.all, now: now + 600) == now)
        #expect(FlowHistory.start(history.all, now: now + 3600) == nil)
        // A clock that was set back begins anew.
        history.record([], at: now)
        #expect(history.all.count == 1)
        #expect(FlowHistory.perMinute([], now: now) { $0.told }.allSatisfy { $0 == nil })
    }
}
