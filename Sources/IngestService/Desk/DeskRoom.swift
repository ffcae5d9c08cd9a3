import Contracts
import CoverageMap
import HTTPListener
import HTTPTypes
import Hummingbird
import Logging
import Pages

import struct Foundation.Date

/// The desk: pages for an organisation's staff, on the public listener below `/desk`. It does what the API does, with
/// the same rights.
struct DeskRoom: Sendable {
    let store: RequestStore
    let templates: PageTemplates
    let signIn: SignInRoom
    let waiters: JobWaiters
    /// What the map is drawn on, and what it shades. `nil` when its file is not beside the program: then there is no
    /// map.
    let base: MapBase?
    let coverage: CoverageBoard
    let now: @Sendable () -> Date

    init(
        store: RequestStore, templates: PageTemplates, waiters: JobWaiters, base: MapBase?, coverage: CoverageBoard,
        identity: IdentityProviders, now: @escaping @Sendable () -> Date
    ) {
        self.store = store
        self.templates = templates
        self.waiters = waiters
        self.base = base
        self.coverage = coverage
        self.now = now
        signIn = SignInRoom(.desk, store: store, templates: templates, identity: identity, now: now)
    }

    func register(on router: some RouterMethods<BasicRequestContext>) {
        router.get("/") { _, _ in Response.seeOther("/desk") }
        let group = router.group("/desk").add(middleware: PageProblems(room: .desk, templates: templates))
        group.get("assets/{name}", use: AssetController().get)
        signIn.register(on: group)
        group.get(use: signIn.page(inbox))
        group.get("requests", use: signIn.page(list))
        group.get("requests.csv", use: signIn.page(export))
        group.get("print", use: signIn.page(printed))
        group.get("map", use: signIn.page(map))
        group.get("requests/{id}", use: signIn.page(request))
        group.post("requests/{id}/step", use: signIn.action(step))
        group.post("requests/{id}/decision", use: signIn.action(decide))
        group.post("requests/{id}/assignment", use: signIn.action(assign))
        group.post("requests/{id}/note", use: signIn.action(note))
        group.post("bulk", use: signIn.action(summary))
        group.post("bulk/apply", use: signIn.action(apply))
        group.get("**") { _, _ -> Response in throw Problem.notFound }
    }

    // MARK: The frame

    enum Place { case inbox, list, map, other }

    func frame(
        _ title: String, _ visitor: SignInRoom.Visitor, _ place: Place, counts: DeskCounts,
        notice: PageFrame.Notice? = nil
    ) -> PageFrame {
        let waiting = counts.review + (counts.byStatus[.new] ?? 0)
        return PageFrame(
            title, room: .desk,
            links: [
                .init("Inbox", "/desk", count: DeskCounts.text(waiting), isCurrent: place == .inbox),
                .init("Requests", "/desk/requests", isCurrent: place == .list),
                .init("Map", "/desk/map", isCurrent: place == .map),
            ], person: .init(name: visitor.member.name, organization: visitor.organization),
            csrf: visitor.secret.csrf, notice: notice)
    }

    func html(_ template: String, _ frame: PageFrame, _ view: some Sendable) -> Response {
        .page(templates.html(template, Page(frame, view)))
    }

    // MARK: Inbox

    @Sendable private func inbox(
        _ request: Request, _ context: BasicRequestContext, _ visitor: SignInRoom.Visitor
    ) async throws -> Response {
        let (now, organization) = (now(), visitor.organization)
        let today = Day(now)
        let counts = try await store.deskCounts(of: organization, today: today)
        let reviews = try await store.deskReviews(of: organization, limit: 20)
        var query = DeskQuery(organization: organization, today: today)
        query.limit = 10
        query.sort = .oldest
        query.state = .new
        let new = try await store.deskPage(query).requests
        query.state = .all
        query.sort = .due
        let due = try await store.deskPage(query).requests
            .filter { ($0.assignment?.due).map { $0 <= today } == true }
        query.sort = .due
        query.holder = .person(visitor.member.name)
        let mine = try await store.deskPage(query).requests
        func items(_ requests: [StoredRequest]) -> Listed<DeskItem>? { Listed(requests.map { DeskItem($0, now: now) }) }
        var sections = [
            InboxView.Section(
                anchor: "reviews", heading: "Your decision",
                explanation: "The rules could not say surely whether you cover the place. The partner waits for you.",
                total: DeskCounts.text(counts.review),
                moreHref: counts.review > reviews.count ? "/desk/requests?state=review" : nil, items: items(reviews),
                nothing: "Nothing to decide."),
            InboxView.Section(
                anchor: "new", heading: "New",
                explanation: "You cover the place, and nobody has begun. Those that wait longest come first.",
                total: DeskCounts.text(counts.byStatus[.new] ?? 0),
                moreHref: (counts.byStatus[.new] ?? 0) > new.count ? "/desk/requests?state=new&sort=oldest" : nil,
                items: items(new), nothing: "Nothing new. Well done."),
        ]
        if !due.isEmpty {
            sections.insert(
                .init(
                    anchor: "due", heading: "Due", explanation: "In somebody's hands, and due today or before.",
                    total: nil, moreHref: "/desk/requests?sort=due", items: items(due), nothing: ""), at: 1)
        }
        if !mine.isEmpty {
            sections.append(
                .init(
                    anchor: "mine", heading: "In your hands",
                    explanation: "What was given to you, by the day it is due.",
                    total: nil, moreHref: nil, items: items(mine), nothing: ""))
        }
        return html(
            "desk-inbox", frame("Inbox", visitor, .inbox, counts: counts),
            InboxView(organization: Shown.short(organization, 60), sections: sections))
    }

    // MARK: One request

    @Sendable private func request(
        _ request: Request, _ context: BasicRequestContext, _ visitor: SignInRoom.Visitor
    ) async throws -> Response {
        let notice: PageFrame.Notice? =
            switch request.uri.queryParameters.get("done") {
            case "step": .init("Saved. The partner is being told.", tone: "good")
            case "assigned": .init("Saved.", tone: "good")
            case "noted": .init("The note is in the story below.", tone: "good")
            case "decided": .init("Decided. The partner is being told.", tone: "good")
            default: nil
            }
        return try await show(try id(context), visitor, notice: notice)
    }

    func id(_ context: BasicRequestContext) throws(Problem) -> Contracts.RequestID {
        guard let id = context.parameters.get("id").flatMap(Contracts.RequestID.init) else { throw .notFound }
        return id
    }

    /// The page of one request.
    /// - Parameters:
    ///   - adapt: adds what went wrong.
    func show(
        _ id: Contracts.RequestID, _ visitor: SignInRoom.Visitor, status: HTTPResponse.Status = .ok,
        notice: PageFrame.Notice? = nil, adapt: (inout RequestPage) -> Void = { _ in }
    ) async throws -> Response {
        let (now, organization) = (now(), visitor.organization)
        guard let found = try await store.deskRequest(id, within: organization) else { throw Problem.notFound }
        var view = RequestPage(
            found, mayWrite: visitor.member.mayWrite,
            people: try await store.staffNames(of: organization).map { Shown.short($0, 128) },
            teams: try await store.teams(of: organization).map { Shown.short($0, 128) }, now: now)
        adapt(&view)
        let counts = try await store.deskCounts(of: organization, today: Day(now))
        let frame = frame(view.name, visitor, .other, counts: counts, notice: notice)
        return .page(templates.html("desk-request", Page(frame, view)), status: status)
    }
}
