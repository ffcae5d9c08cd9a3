import AdminAPI
import Contracts
import Foundation
import GRDB
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Pages
import Synchronization
import Testing

@testable import IngestService

/// The desk on a store, without a socket; its clock moves when a test moves it.
struct DeskHarness: Sendable {
    let client: any TestClientProtocol
    let store: RequestStore
    /// Each as its method and its path.
    let routes: [(method: HTTPRequest.Method, path: String)]
    let clock: Clock
    let handedOver: APIHarness.HandedOver

    final class Clock: Sendable {
        private let state = Mutex(Fixture.now + 600)
        var now: Date { state.withLock { $0 } }
        func advance(by seconds: Double) { state.withLock { $0 += seconds } }
    }

    static func with(
        _ driver: StoreDriver = .sqlite, coverage: FakeCoverage = FakeCoverage(),
        identity: @escaping @Sendable (Clock) -> IdentityProviders = { _ in IdentityProviders() },
        _ body: @escaping @Sendable (DeskHarness) async throws -> Void
    ) async throws {
        try await driver.withStore { store in
            let (clock, handedOver) = (Clock(), APIHarness.HandedOver())
            let store = handedOver.follow(store)
            let router = Router(context: BasicRequestContext.self, options: .autoGenerateHeadEndpoints)
            let room = DeskRoom(
                store: store, templates: try PageTemplates(), waiters: JobWaiters(limit: 1),
                base: FakeCoverage.base, coverage: CoverageBoard(coverage.client), identity: identity(clock),
                now: { clock.now })
            room.register(on: router)
            let routes = router.routes.map { (method: $0.method, path: "\($0.path)") }
            try await Application(router: router).test(.router) { client in
                try await body(
                    DeskHarness(client: client, store: store, routes: routes, clock: clock, handedOver: handedOver))
            }
        }
    }

    // MARK: People

    static let ada = NewStaffMember(
        email: "ada@chapter.example", name: "Ada Lovelace", organization: Fixture.provider.organization, role: .write)
    static let ben = NewStaffMember(
        email: "ben@chapter.example", name: "Ben Ortiz", organization: Fixture.provider.organization, role: .read)
    static let cleo = NewStaffMember(
        email: "cleo@chapter.example", name: "Cleo Haddad", organization: Fixture.provider.organization, role: .write)
    static let eve = NewStaffMember(
        email: "eve@others.example", name: "Eve Other", organization: Fixture.otherProvider.organization, role: .write)
    static let olu = NewStaffMember(email: "olu@ops.example", name: "Olu Ops", organization: nil, role: .operate)

    /// - Returns: the code of a link that signs the person in.
    func add(_ person: NewStaffMember) async throws -> SignInCode {
        let code = SignInCode()
        let link = code.link(until: clock.now + 86400)
        let added = try await store.addStaff(
            person, token: PersonToken.hash(PersonToken.make()), link: link, by: "root", at: clock.now)
        if added == nil { _ = try await store.addLink(link, for: person.email, by: "root", at: clock.now) }
        return code
    }

    /// Signs a person in as a browser does.
    func signIn(_ person: NewStaffMember) async throws -> Browser {
        let code = try await add(person)
        let answer = try await send(.post, "/desk/sign-in/\(code.text)", form: [])
        let cookie = try #require(answer.headers[.setCookie]?.split(separator: ";").first.map(String.init))
        let secret = try #require(HandedSecret(cookie.split(separator: "=").last ?? ""))
        return Browser(desk: self, cookie: cookie, csrf: secret.csrf)
    }

    /// Somebody who is signed in.
    struct Browser: Sendable {
        let desk: DeskHarness
        var cookie: String
        var csrf: String

        func get(_ path: String, headers: HTTPFields = [:]) async throws -> Answer {
            try await desk.send(.get, path, headers: headers, cookie: cookie)
        }

        func post(_ path: String, _ form: [(String, String)], headers: HTTPFields = [:]) async throws -> Answer {
            try await desk.send(.post, path, headers: headers, cookie: cookie, form: [("csrf", csrf)] + form)
        }

        /// What a page of a request says that its forms are to say.
        func seen(_ id: Contracts.RequestID) async throws -> String {
            let page = try await get("/desk/requests/\(id)").text
            return String(try #require(page.firstMatch(of: /name="seen" value="([^"]*)"/)).output.1)
        }

        func step(_ id: Contracts.RequestID, _ step: String, seen: String? = nil) async throws -> Answer {
            let seen = if let seen { seen } else { try await self.seen(id) }
            return try await post("/desk/requests/\(id)/step", [("seen", seen), ("step", step)])
        }
    }

    struct Answer: Sendable {
        var status: Int
        var headers: HTTPFields
        var text: String
    }

    func send(
        _ method: HTTPRequest.Method, _ path: String, headers: HTTPFields = [:], cookie: String? = nil,
        form: [(String, String)]? = nil
    ) async throws -> Answer {
        var headers = headers
        headers[.cookie] = cookie
        if form != nil, headers[.contentType] == nil { headers[.contentType] = "application/x-www-form-urlencoded" }
        let body = form.map { $0.map { "\(Self.encoded($0))=\(Self.encoded($1))" }.joined(separator: "&") }
        return try await client.execute(
            uri: path, method: method, headers: headers, body: body.map { ByteBuffer(string: $0) }
        ) { response in
            Answer(
                status: response.status.code, headers: response.headers,
                text: String(decoding: response.body.readableBytesView, as: UTF8.self))
        }
    }

    static func encoded(_ text: String) -> String {
        text.addingPercentEncoding(
            withAllowedCharacters: .alphanumerics.intersection(CharacterSet(charactersIn: "0"..."z"))) ?? ""
    }

    // MARK: Requests

    /// A request that the organisation covers, told to its partner.
    @discardableResult
    func covered(
        _ submission: Submission = Fixture.submission(), provider: Provider = Fixture.provider,
        after seconds: Double = 0
    ) async throws -> Contracts.RequestID {
        try await request(
            submission, provider: provider, after: seconds,
            facts: [Fixture.geocoded(), Fixture.decided(), Fixture.delivered()])
    }

    @discardableResult
    func request(
        _ submission: Submission = Fixture.submission(), provider: Provider = Fixture.provider,
        after seconds: Double = 0,
        facts: [ProgressUpdate] = []
    ) async throws -> Contracts.RequestID {
        let request = Fixture.newRequest(at: Fixture.now + seconds, provider: provider, submission: submission)
        _ = try await store.accept(request, event: try Fixture.event(request))
        for fact in facts { _ = try await store.apply(fact, to: request.id) }
        while try await store.indexForSearch(limit: 100) > 0 {}
        return request.id
    }

    /// All rows of all tables, to see that nothing was changed.
    func dump() async throws -> [String] {
        try await store.pool.read { database in
            let tables = try String.fetchAll(
                database,
                sql: "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%' ORDER BY name")
            return try tables.filter { $0 != "staff_link" }.flatMap { table in
                try Row.fetchAll(database, sql: "SELECT * FROM \(table)").map { "\(table) \($0)" }
            }
        }
    }
}
