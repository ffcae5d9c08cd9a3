import Contracts
import Foundation
import HTTPListener
import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import Pages
import ServiceLifecycle
import Synchronization

/// The console: pages for operators, on the admin listener below `/console`.
struct ConsoleRoom: Sendable {
    let store: RequestStore
    let templates: PageTemplates
    let history: FlowHistory
    let now: @Sendable () -> Date
    private let signIn: SignInRoom
    private let board: FlowBoard
    private let streams = StreamLimit()

    init(
        store: RequestStore, templates: PageTemplates, history: FlowHistory, now: @escaping @Sendable () -> Date
    ) {
        self.store = store
        self.templates = templates
        self.history = history
        self.now = now
        signIn = SignInRoom(.console, store: store, templates: templates, now: now)
        board = FlowBoard(store: store, now: now)
    }

    func register(on router: RouterGroup<BasicRequestContext>) {
        let group = router.group("/console").add(middleware: PageProblems(room: .console, templates: templates))
        group.get("assets/{name}", use: AssetController().get)
        signIn.register(on: group)
        group.get(use: signIn.page(flow))
        group.get("events", use: signIn.page(events))
        group.get("failed", use: signIn.page(failed))
        group.get("failed/{id}", use: signIn.page(letters))
        group.get("requests", use: signIn.page(find))
        group.get("requests/{id}", use: signIn.page(request))
        group.get("audit", use: signIn.page(audit))
        group.get("**") { _, _ -> Response in throw Problem.notFound }
    }

    typealias Visitor = SignInRoom.Visitor
    enum Place { case flow, failed, requests, audit }

    func frame(_ title: String, _ visitor: Visitor, _ place: Place, dead: Int) -> PageFrame {
        PageFrame(
            title, room: .console,
            links: [
                .init("Flow", "/console", isCurrent: place == .flow),
                .init("Failed", "/console/failed", count: DeskCounts.text(dead), isCurrent: place == .failed),
                .init("Requests", "/console/requests", isCurrent: place == .requests),
                .init("Audit log", "/console/audit", isCurrent: place == .audit),
            ], person: .init(name: visitor.member.name, organization: "operator"), csrf: visitor.secret.csrf)
    }

    /// How many letters wait for an operator.
    func deadCount() async throws(StoreError) -> Int {
        try await store.deadLetterGroups(DeadLetterFilter()).reduce(0) { $0 + $1.count }
    }

    // MARK: Flow

    @Sendable private func flow(
        _ request: Request, _ context: BasicRequestContext, _ visitor: Visitor
    ) async throws -> Response {
        let figures = try await board.figures()
        let view = FlowView(figures, history.all)
        let dead = figures.parts.values.reduce(0) { $0 + $1.dead }
        return .page(templates.html("console-flow", Page(frame("Flow", visitor, .flow, dead: dead), view)))
    }

    /// `GET /console/events`: the figures of the flow as they change (WHATWG HTML, "Server-sent events").
    ///
    /// A comment now and then keeps proxies from ending what is silent; whoever was cut off comes back by themselves.
    /// Each stream ends with its session, and with the service.
    @Sendable private func events(
        _ request: Request, _ context: BasicRequestContext, _ visitor: Visitor
    ) async throws -> Response {
        guard streams.enter() else {
            throw Problem(
                status: .serviceUnavailable, code: "too-many-streams", detail: "Too many look at this page already.",
                headers: [.retryAfter: "30"])
        }
        return Response(
            status: .ok,
            headers: [
                .contentType: "text/event-stream", .cacheControl: "no-store", .xContentTypeOptions: "nosniff",
                // nginx would gather what is to come at once.
                HTTPField.Name("X-Accel-Buffering")!: "no",
            ],
            body: ResponseBody { [self] writer in
                defer { streams.leave() }
                try await writer.write(ByteBuffer(string: "retry: 2000\n\n"))
                try await stream(visitor, to: &writer)
                try await writer.finish(nil)
            })
    }

    /// How often the figures are looked at, and how many times nothing is said before a comment is.
    private static let pause = Duration.seconds(2)
    private static let silence = 7

    private func stream(_ visitor: Visitor, to writer: inout any ResponseBodyWriter) async throws {
        var last: [UInt8] = []
        var silent = 0
        while !Task.isShuttingDownGracefully, try await store.session(visitor.secret.hash, at: now()) != nil {
            let values = FlowView(try await board.figures(), history.all).values
            let json = try Response.json(values)
            silent += 1
            if json != last {
                try await writer.write(
                    ByteBuffer(string: "event: values\ndata: \(String(decoding: json, as: UTF8.self))\n\n"))
                (last, silent) = (json, 0)
            } else if silent >= Self.silence {
                try await writer.write(ByteBuffer(string: ": still here\n\n"))
                silent = 0
            }
            try await Task.sleep(for: Self.pause)
        }
    }

    /// How many look at once.
    private final class StreamLimit: Sendable {
        private static let most = 32
        private let count = Mutex(0)

        func enter() -> Bool {
            count.withLock { count in
                guard count < Self.most else { return false }
                count += 1
                return true
            }
        }

        func leave() { count.withLock { $0 -= 1 } }
    }

    // MARK: Failed

    @Sendable private func failed(
        _ request: Request, _ context: BasicRequestContext, _ visitor: Visitor
    ) async throws -> Response {
        let parameters = request.uri.queryParameters
        var filter = DeadLetterFilter()
        filter.stage = parameters.get("stage").flatMap(Stage.init)
        filter.reason = parameters.get("reason").flatMap { $0.isEmpty || $0.utf8.count > 200 ? nil : $0 }
        let after = parameters.get("after").flatMap(DeadLetterCursor.init)
        let groups = try await store.deadLetterGroups(DeadLetterFilter())
        let found = try await store.deadLetters(filter, after: after, limit: 51)
        let view = FailedView(groups, filter, Array(found.prefix(50)), hasMore: found.count > 50, now: now())
        let dead = groups.reduce(0) { $0 + $1.count }
        return .page(templates.html("console-failed", Page(frame("Failed", visitor, .failed, dead: dead), view)))
    }

    /// One message's letters, or all about one request. Nothing personal is shown.
    @Sendable private func letters(
        _ request: Request, _ context: BasicRequestContext, _ visitor: Visitor
    ) async throws -> Response {
        guard let id = context.parameters.get("id").flatMap(UUID.init(canonical:)) else { throw Problem.notFound }
        let found = try await store.deadLetters(id)
        guard !found.isEmpty else { throw Problem.notFound }
        let view = LettersView(found)
        return .page(
            templates.html(
                "console-letter", Page(frame("Failed message", visitor, .failed, dead: try await deadCount()), view)))
    }

    // MARK: Requests

    /// Any request by our id, a message's, or the partner's.
    @Sendable private func find(
        _ request: Request, _ context: BasicRequestContext, _ visitor: Visitor
    ) async throws -> Response {
        let text = request.uri.queryParameters.get("q").map { String($0.prefix(200)) } ?? ""
        let wanted = text.trimmingCharacters(in: .whitespacesAndNewlines)
        if let id = Contracts.RequestID(wanted), try await store.request(id) != nil {
            return .seeOther("/console/requests/\(id)")
        }
        if let id = UUID(canonical: wanted), let letter = try await store.deadLetters(id).first {
            return .seeOther("/console/failed/\(letter.message.messageID.canonical)")
        }
        let found = wanted.isEmpty ? [] : try await store.requests(providerRequestID: wanted, limit: 50)
        if found.count == 1 { return .seeOther("/console/requests/\(found[0].id)") }
        let view = FindView(wanted, found, now: now())
        return .page(
            templates.html(
                "console-requests", Page(frame("Requests", visitor, .requests, dead: try await deadCount()), view)))
    }

    @Sendable private func request(
        _ request: Request, _ context: BasicRequestContext, _ visitor: Visitor
    ) async throws -> Response {
        let id = try context.requestID()
        guard let job = try await store.job(id) else { throw Problem.notFound }
        let view = JobPage(job, letters: try await store.deadLetters(id.uuid))
        return .page(
            templates.html(
                "console-request", Page(frame("Request", visitor, .requests, dead: try await deadCount()), view)))
    }

    // MARK: Audit log

    @Sendable private func audit(
        _ request: Request, _ context: BasicRequestContext, _ visitor: Visitor
    ) async throws -> Response {
        let parameters = request.uri.queryParameters
        func text(_ name: String) -> String? {
            parameters.get(name).flatMap {
                $0.isBlank || $0.utf8.count > 500 ? nil : $0.trimmingCharacters(in: .whitespaces)
            }
        }
        let filter = AuditFilter(
            person: text("person")?.lowercased(), organization: text("organization"),
            request: text("request").flatMap(Contracts.RequestID.init))
        let before = text("before").flatMap { Int64(foreign: $0) }
        let found = try await store.audit(filter, before: before, limit: 101)
        let view = AuditView(filter, Array(found.prefix(100)), hasMore: found.count > 100)
        return .page(
            templates.html(
                "console-audit", Page(frame("Audit log", visitor, .audit, dead: try await deadCount()), view)))
    }
}

extension RequestStore {
    /// Requests that partners call so, the newest first.
    func requests(providerRequestID: String, limit: Int) async throws(StoreError) -> [StoredRequest] {
        try await read { transaction in
            // One look-up for each partner along the index that keeps their ids apart.
            let providers = try transaction.rows("SELECT DISTINCT provider FROM request") {
                try $0["provider"] as String
            }
            let ids = try providers.prefix(1000).compactMap { provider -> Contracts.RequestID? in
                try transaction.value(
                    "SELECT id FROM request WHERE provider = ? AND provider_request_id = ?",
                    [provider, providerRequestID])
            }
            return try ids.prefix(limit).compactMap { try transaction.request($0) }.sorted {
                $0.acceptedAt > $1.acceptedAt
            }
        }
    }
}
