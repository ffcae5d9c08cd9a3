import Contracts
import HTTPListener
import HTTPTypes
import Hummingbird
import Logging
import Pages
import Synchronization

import struct Foundation.Date

/// Signing in to the partner's page by the partner's token, and who is signed in.
///
/// The token is asked for once and kept nowhere: what stays is a session of twelve hours, which ends at once when
/// somebody signs out, or when the token is taken out of `providers.yaml`.
struct PartnerSignIn: SignedInPages {
    let store: RequestStore
    let templates: PageTemplates
    let authenticator: Authenticator
    let now: @Sendable () -> Date
    private let cookie = SessionCookie(.partner)
    private let failures = SignInFailures()

    init(
        store: RequestStore, templates: PageTemplates, authenticator: Authenticator, now: @escaping @Sendable () -> Date
    ) {
        self.store = store
        self.templates = templates
        self.authenticator = authenticator
        self.now = now
    }

    /// Somebody with a session.
    struct Visitor: SignedIn {
        var provider: Provider
        var secret: HandedSecret
    }

    /// The paths that need no session.
    func register(on group: RouterGroup<BasicRequestContext>) {
        group.get("sign-in", use: ask)
        group.post("sign-in", use: signIn)
        group.post("sign-out", use: signOut)
    }

    func visitor(of request: Request) async throws(StoreError) -> Visitor? {
        guard let secret = cookie.secret(in: request),
            let session = try await store.partnerSession(secret.hash, at: now()),
            // Whose token it is says the file, as it is now.
            let provider = authenticator.provider(hash: TokenHash(bytes: session.token)),
            provider.id == session.provider
        else { return nil }
        return Visitor(provider: provider, secret: secret)
    }

    var signInPath: String { "/partner/sign-in" }

    // MARK: Signing in

    @Sendable private func ask(_ request: Request, context: BasicRequestContext) async throws -> Response {
        if try await visitor(of: request) != nil { return .seeOther("/partner") }
        return AlonePage.response(
            "Sign in", .partner,
            AlonePage(
                paragraphs: ["You sign in with the token by which your system sends its requests."],
                form: .init(action: "/partner/sign-in", button: "Sign in", asksToken: true)), templates)
    }

    @Sendable private func signIn(_ request: Request, context: BasicRequestContext) async throws -> Response {
        guard !ForeignPage.sends(request) else { throw Problem.foreignForm }
        let form = try await FormBody.read(request)
        let token = (form["token"] ?? "").filter { !$0.isWhitespace }
        guard (1...512).contains(token.utf8.count), let provider = authenticator.provider(token: token) else {
            return refusal()
        }
        let (secret, now) = (HandedSecret(), Timestamp.truncate(now()))
        try await store.openPartnerSession(
            secret.hash, of: provider, token: TokenHash(token: token).bytes,
            until: now.shifted(by: SessionCookie.lifetime), at: now)
        context.logger.notice("A partner has signed in.", metadata: ["provider": "\(provider.id)"])
        return .seeOther("/partner", headers: cookie.setting(secret, for: request))
    }

    @Sendable private func signOut(_ request: Request, context: BasicRequestContext) async throws -> Response {
        try await action { request, _, visitor, _ in
            try await store.endPartnerSession(
                visitor.secret.hash, of: visitor.provider, at: Timestamp.truncate(now()))
            return AlonePage.response(
                "Signed out", .partner,
                AlonePage(
                    paragraphs: ["Until next time."],
                    link: .init(linkHref: "/partner/sign-in", linkText: "Sign in again")),
                templates, headers: cookie.removing(for: request))
        }(request, context)
    }

    /// Says the same whatever is wrong.
    private func refusal() -> Response {
        let link = AlonePage.Link(linkHref: "/partner/sign-in", linkText: "Try again")
        guard failures.take() else {
            return AlonePage.response(
                "Too many attempts", .partner,
                AlonePage(
                    paragraphs: ["Too many tokens were wrong in a short time. Try again in a minute."], link: link),
                templates, status: .tooManyRequests, headers: [.retryAfter: "60"])
        }
        return AlonePage.response(
            "This token is not known", .partner,
            AlonePage(
                paragraphs: ["It must be a token that sends requests. Whoever runs Intake can give you a new one."],
                link: link), templates, status: .forbidden)
    }
}
