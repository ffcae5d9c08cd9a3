import AdminAPI
import Contracts
import HTTPListener
import HTTPTypes
import Hummingbird
import Logging
import Pages
import Synchronization

import struct Foundation.Date

/// Signing in and out of the desk or the console, and who is signed in.
///
/// There is no password to guess: a link is made by an operator, holds 256 random bits, signs one person in once, and
/// ends after a day or five wrong tries. Where identity providers are configured they sign people in as well, see
/// `ProviderSignIn`. A session lasts twelve hours, and ends at once when its person signs out or is revoked.
struct SignInRoom: SignedInPages {
    let room: PageFrame.Room
    let store: RequestStore
    let templates: PageTemplates
    let now: @Sendable () -> Date
    private let cookie: SessionCookie
    private let providers: ProviderSignIn
    private let failures = SignInFailures()

    init(
        _ room: PageFrame.Room, store: RequestStore, templates: PageTemplates, identity: IdentityProviders,
        now: @escaping @Sendable () -> Date
    ) {
        self.room = room
        self.store = store
        self.templates = templates
        self.now = now
        cookie = SessionCookie(room)
        providers = ProviderSignIn(room: room, store: store, templates: templates, identity: identity, now: now)
    }

    private var base: String { "/\(room.rawValue)" }
    private var isConsole: Bool { room == .console }

    /// Somebody with a session.
    struct Visitor: SignedIn {
        var member: StaffMember
        var secret: HandedSecret
        /// Empty for an operator.
        var organization: String { member.organization ?? "" }
    }

    /// The paths that need no session.
    func register(on group: RouterGroup<BasicRequestContext>) {
        group.get("sign-in", use: ask)
        group.post("sign-in", use: takeCode)
        group.get("sign-in/{code}", use: show)
        group.post("sign-in/{code}", use: signIn)
        group.post("sign-out", use: signOut)
        providers.register(on: group)
    }

    // MARK: Who asks

    func visitor(of request: Request) async throws(StoreError) -> Visitor? {
        guard let secret = cookie.secret(in: request) else { return nil }
        guard let member = try await store.session(secret.hash, at: now()) else { return nil }
        // A session of one room is none of the other, even where somebody moves the cookie.
        guard (member.role == .operate) == isConsole else { return nil }
        return Visitor(member: member, secret: secret)
    }

    var signInPath: String { "\(base)/sign-in" }

    func check(_ visitor: Visitor, needsWrite: Bool) throws(Problem) {
        guard !needsWrite || visitor.member.mayWrite || isConsole else { throw .mayOnlyRead }
    }

    // MARK: Signing in

    private typealias View = AlonePage

    private func answer(
        _ title: String, _ view: View, status: HTTPResponse.Status = .ok, headers: HTTPFields = [:]
    ) -> Response {
        AlonePage.response(title, room, view, templates, status: status, headers: headers)
    }

    @Sendable private func ask(_ request: Request, context: BasicRequestContext) async throws -> Response {
        if try await visitor(of: request) != nil { return .seeOther(base) }
        let whom = isConsole ? "an operator" : "whoever runs Intake for your organization"
        let choices = providers.choices
        let way = choices.isEmpty ? "You sign in" : "You can also sign in"
        let text = """
            \(way) with a link that \(whom) makes for you. It works once, within a day. Open it, or enter its code here.
            """
        return answer(
            "Sign in",
            View(
                paragraphs: [], choices: choices, formText: text,
                form: .init(action: "\(base)/sign-in", button: "Go on", asksCode: true)))
    }

    @Sendable private func takeCode(_ request: Request, context: BasicRequestContext) async throws -> Response {
        guard !ForeignPage.sends(request) else { throw Problem.foreignForm }
        let form = try await FormBody.read(request)
        // Whoever pastes the whole link means its end.
        let code = (form["code"] ?? "").split(separator: "/").last.map { $0.filter { !$0.isWhitespace } } ?? ""
        guard let link = SignInCode(code) else { return refusal() }
        return .seeOther("\(base)/sign-in/\(link.text)")
    }

    /// Shows whom a link is for, and uses nothing up: mail systems look at links, too.
    @Sendable private func show(_ request: Request, context: BasicRequestContext) async throws -> Response {
        guard let code = context.parameters.get("code").flatMap({ SignInCode($0) }),
            let member = try await store.linkOwner(code.selector, at: now()), (member.role == .operate) == isConsole
        else { return refusal() }
        let place = member.organization.map { " at \(Shown.short($0, 60))" } ?? ""
        return answer(
            "Welcome",
            View(
                paragraphs: [
                    """
                    This link is for \(Shown.short(member.name, 60))\(place). It works once, and keeps you \
                    signed in for twelve hours.
                    """
                ], form: .init(action: "\(base)/sign-in/\(code.text)", button: "Sign in")))
    }

    @Sendable private func signIn(_ request: Request, context: BasicRequestContext) async throws -> Response {
        guard !ForeignPage.sends(request) else { throw Problem.foreignForm }
        guard let code = context.parameters.get("code").flatMap({ SignInCode($0) }) else { return refusal() }
        let (secret, now) = (HandedSecret(), Timestamp.truncate(now()))
        let outcome = try await store.signIn(
            code.selector, secret: code.secret.hash, isConsole: isConsole, session: secret.hash,
            until: now.shifted(by: SessionCookie.lifetime), at: now)
        switch outcome {
        case .refused: return refusal()
        case .opened:
            context.logger.notice("Somebody has signed in.", metadata: ["room": "\(room.rawValue)"])
            return .seeOther(base, headers: cookie.setting(secret, for: request))
        }
    }

    @Sendable private func signOut(_ request: Request, context: BasicRequestContext) async throws -> Response {
        try await action(needsWrite: false) { request, _, visitor, _ in
            let now = Timestamp.truncate(now())
            try await store.endSession(visitor.secret.hash, by: visitor.member, at: now)
            let leaving = providers.leaving(visitor.member)
            return answer(
                "Signed out",
                View(
                    paragraphs: ["Until next time."] + (leaving.map { [$0.text] } ?? []),
                    choices: leaving.map { [$0.link] } ?? [],
                    link: .init(linkHref: "\(base)/sign-in", linkText: "Sign in again")),
                headers: cookie.removing(for: request))
        }(request, context)
    }

    /// Says the same whatever is wrong, so that nobody learns which links there are.
    private func refusal() -> Response {
        let link = View.Link(linkHref: "\(base)/sign-in", linkText: "Enter another code")
        guard failures.take() else {
            return answer(
                "Too many attempts",
                View(paragraphs: ["Too many links did not work in a short time. Try again in a minute."], link: link),
                status: .tooManyRequests, headers: [.retryAfter: "60"])
        }
        return answer(
            "This link does not work",
            View(
                paragraphs: ["It was used already, it is older than a day, or it is not complete. Ask for a new one."],
                link: link), status: .forbidden)
    }
}

/// How many attempts may fail in this process: twenty at once, and one every three seconds. One that is right is not
/// counted, so that nobody can keep others out.
final class SignInFailures: Sendable {
    private let bucket = Mutex(TokenBucket(at: ContinuousClock.now))

    func take() -> Bool {
        bucket.withLock { $0.take(at: .now, interval: .seconds(3), burst: 20) } == nil
    }
}

/// `alone`: a page that says one thing.
struct AlonePage: Sendable {
    struct Form: Sendable {
        var action: String
        var button: String
        var asksCode = false
        var asksToken = false
    }
    struct Link: Sendable {
        var linkHref: String
        var linkText: String
    }

    var paragraphs: [String]
    /// Ways on, the likeliest first.
    var choices: [Link] = []
    /// What stands before the form.
    var formText: String?
    var form: Form?
    var link: Link?

    static func response(
        _ title: String, _ room: PageFrame.Room, _ view: AlonePage, _ templates: PageTemplates,
        status: HTTPResponse.Status = .ok, headers: HTTPFields = [:]
    ) -> Response {
        .page(templates.html("alone", Page(PageFrame(title, room: room), view)), status: status, headers: headers)
    }
}

/// What a sign-in link ends with: the part by which it is found, and the secret.
struct SignInCode: Sendable {
    private static let selectorLength = 16

    let selector: String
    let secret: HandedSecret
    var text: String { selector + secret.text }

    init() {
        selector = String(HandedSecret().text.prefix(Self.selectorLength))
        secret = HandedSecret()
    }

    init?(_ text: some StringProtocol) {
        guard text.utf8.count == Self.selectorLength + 64, let secret = HandedSecret(text.suffix(64)) else {
            return nil
        }
        selector = text.prefix(Self.selectorLength).lowercased()
        self.secret = secret
    }

    func link(until date: Date) -> SignInLink { SignInLink(selector: selector, hash: secret.hash, expiresAt: date) }
}

extension Problem {
    static let signedOut = Problem(
        status: .unauthorized, code: "signed-out", detail: "You are not signed in any more. Nothing was changed.",
        headers: [.wwwAuthenticate: #"Cookie realm="intake""#])
    static let mayOnlyRead = Problem(
        status: .forbidden, code: "forbidden", detail: "You may look, and change nothing. Nothing was changed.")
    static let foreignForm = Problem(
        status: .forbidden, code: "foreign-form",
        detail:
            """
            This did not come from a page of your session. Nothing was changed. Load the page again, and try once more.
            """
    )
}
