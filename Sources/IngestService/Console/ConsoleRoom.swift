import AdminAPI
import Contracts
import Foundation
import HTTPListener
import Hummingbird
import Pages

/// The console: pages for operators, on the admin listener below `/console`.
struct ConsoleRoom: Sendable {
    let store: RequestStore
    let templates: PageTemplates
    let history: FlowHistory
    let runs: RemedyRuns
    /// Who may send, as the file says now.
    let providers: @Sendable () -> ProviderDirectory
    let refusals: RefusalTally
    let peers: CallbackPeers
    let now: @Sendable () -> Date
    let board: FlowBoard
    let live = LiveStream()
    private let signIn: SignInRoom

    init(
        store: RequestStore, templates: PageTemplates, history: FlowHistory, runs: RemedyRuns,
        providers: @escaping @Sendable () -> ProviderDirectory, refusals: RefusalTally, peers: CallbackPeers,
        identity: IdentityProviders, now: @escaping @Sendable () -> Date
    ) {
        self.store = store
        self.templates = templates
        self.history = history
        self.runs = runs
        self.providers = providers
        self.refusals = refusals
        self.peers = peers
        self.now = now
        signIn = SignInRoom(.console, store: store, templates: templates, identity: identity, now: now)
        board = FlowBoard(store: store, now: now)
    }

    func register(on router: RouterGroup<BasicRequestContext>) {
        let group = router.group("/console").add(middleware: PageProblems(room: .console, templates: templates))
        group.get("assets/{name}", use: AssetController().get)
        signIn.register(on: group)
        group.get(use: signIn.page(flow))
        group.get("events", use: signIn.page(events))
        group.get("failed", use: signIn.page(failed))
        group.post("failed/replay", use: signIn.action(replayGroup))
        group.post("failed/discard", use: signIn.action(discardGroup))
        group.get("failed/run", use: signIn.page(run))
        group.get("failed/run/events", use: signIn.page(runEvents))
        group.get("failed/{id}", use: signIn.page(letters))
        group.post("failed/{id}/replay", use: signIn.action(replayLetter))
        group.post("failed/{id}/discard", use: signIn.action(discardLetter))
        group.get("partners", use: signIn.page(partners))
        group.post("partners/test", use: signIn.action(testCallback))
        group.post("partners/pause", use: signIn.action(pause))
        group.post("partners/resume", use: signIn.action(resume))
        group.get("requests", use: signIn.page(find))
        group.get("requests/{id}", use: signIn.page(request))
        group.get("audit", use: signIn.page(audit))
        group.get("**") { _, _ -> Response in throw Problem.notFound }
    }

    typealias Visitor = SignInRoom.Visitor
    enum Place { case flow, failed, partners, requests, audit }

    func frame(_ title: String, _ visitor: Visitor, _ place: Place, dead: Int) -> PageFrame {
        PageFrame(
            title, room: .console,
            links: [
                .init("Flow", "/console", isCurrent: place == .flow),
                .init("Failed", "/console/failed", count: DeskCounts.text(dead), isCurrent: place == .failed),
                .init("Partners", "/console/partners", isCurrent: place == .partners),
                .init("Requests", "/console/requests", isCurrent: place == .requests),
                .init("Audit log", "/console/audit", isCurrent: place == .audit),
            ], person: .init(name: visitor.member.name, organization: "operator"), csrf: visitor.secret.csrf)
    }

    func isSignedIn(_ visitor: Visitor) async throws(StoreError) -> Bool {
        try await store.session(visitor.secret.hash, at: now()) != nil
    }

    /// How many letters wait for an operator.
    func deadCount() async throws(StoreError) -> Int {
        try await store.deadLetterGroups(DeadLetterFilter()).reduce(0) { $0 + $1.count }
    }
}
