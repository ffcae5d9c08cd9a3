import Contracts
import HTTPListener
import HTTPTypes
import Hummingbird
import Logging
import OpenIDConnect
import Pages

import struct Foundation.Date

/// Signing in to the desk or the console by an OpenID provider: to it and back, and what becomes of whoever comes back.
///
/// The session is the same as a link's, and so is everything behind it. Nothing that a browser sends says where it is
/// led: to the provider that the file names, and from there to the room's first page.
struct ProviderSignIn: Sendable {
    let room: PageFrame.Room
    let store: RequestStore
    let templates: PageTemplates
    let identity: IdentityProviders
    let now: @Sendable () -> Date

    private var session: SessionCookie { SessionCookie(room) }
    private var attempts: AttemptCookie { AttemptCookie(room) }
    private var base: String { "/\(room.rawValue)" }

    func register(on group: RouterGroup<BasicRequestContext>) {
        group.get("sign-in/with/{provider}", use: start)
        group.get("sign-in/with/{provider}/callback", use: finish)
    }

    /// The buttons of the sign-in page.
    var choices: [AlonePage.Link] {
        identity.entries(of: room).map { entry in
            AlonePage.Link(linkHref: entry.start, linkText: "Sign in with \(Shown.short(entry.provider.name, 60))")
        }
    }

    /// What somebody who has signed out is told who came by a provider: it would sign them in again without a word.
    func leaving(_ member: StaffMember) -> (text: String, link: AlonePage.Link)? {
        guard let issuer = member.issuer,
            let entry = identity.entries(of: room).first(where: { $0.provider.registration.issuer == issuer }),
            let address = entry.party.signOut
        else { return nil }
        let name = Shown.short(entry.provider.name, 60)
        return (
            "You are still signed in at \(name). Where others use this computer, sign out there, too.",
            AlonePage.Link(linkHref: address, linkText: "Sign out at \(name)")
        )
    }

    private func purpose(_ entry: IdentityProviders.Entry) -> String { "\(room.rawValue) \(entry.provider.id)" }

    private func entry(_ context: BasicRequestContext) throws(Problem) -> IdentityProviders.Entry {
        guard let entry = identity.entry(context.parameters.get("provider"), of: room) else { throw .notFound }
        return entry
    }

    // MARK: There

    @Sendable private func start(_ request: Request, context: BasicRequestContext) async throws -> Response {
        let entry = try entry(context)
        let attempt = SignInAttempt(for: purpose(entry), at: now())
        do throws(OpenIDFailure) {
            let address = try await entry.party.authorization(for: attempt, redirect: entry.redirect)
            var headers: HTTPFields = [:]
            headers.append(attempts.setting(attempt.cookie, for: SignInAttempt.lifetime, in: request))
            return .seeOther(address, headers: headers)
        } catch {
            return failed(error, entry, context)
        }
    }

    // MARK: And back

    /// What an answer says (RFC 6749, sections 4.1.2 and 4.1.2.1; RFC 9207).
    private struct Answer {
        var state: String?
        var code: String?
        var error: String?
        var issuer: String?

        /// No parameter may be there twice (RFC 6749, section 3.1); one that is counts as absent.
        init(_ request: Request) {
            let parameters = request.uri.queryParameters
            func only(_ name: String) -> String? {
                let values = parameters.getAll(name)
                guard values.count == 1, let value = values.first, (1...4096).contains(value.utf8.count) else {
                    return nil
                }
                return value
            }
            (state, code, error, issuer) = (only("state"), only("code"), only("error"), only("iss"))
        }
    }

    @Sendable private func finish(_ request: Request, context: BasicRequestContext) async throws -> Response {
        let entry = try entry(context)
        let answer = Answer(request)
        guard let value = attempts.value(in: request),
            let attempt = SignInAttempt(cookie: value, for: purpose(entry), at: now()),
            let state = answer.state, attempt.matches(state: state)
        else { return stale(entry) }
        var response = try await finish(request, answer, attempt, entry, context)
        // Whatever came of it, it was this once.
        response.headers.append(attempts.removing(in: request))
        return response
    }

    private func finish(
        _ request: Request, _ answer: Answer, _ attempt: SignInAttempt, _ entry: IdentityProviders.Entry,
        _ context: BasicRequestContext
    ) async throws -> Response {
        let claims: Claims
        do throws(OpenIDFailure) {
            guard answer.error == nil, let code = answer.code else {
                throw .notSignedIn(OpenIDFailure.code(answer.error))
            }
            claims = try await entry.party.claims(
                code: code, for: attempt, redirect: entry.redirect, issuer: answer.issuer,
                wanting: entry.provider.wanted)
        } catch {
            return failed(error, entry, context)
        }
        let person: ClaimedPerson
        switch ClaimedPerson.of(claims, entry.provider.addresses) {
        case .failure(let problem):
            note("its e-mail address", entry, context)
            return withoutAddress(problem.fault, entry)
        case .success(let found): person = found
        }
        guard let rule = entry.provider.rule(for: claims) else {
            note("no rule", entry, context)
            return unknown(person, claims, entry)
        }
        guard rule.opens(room) else {
            note("another room", entry, context)
            return elsewhere(person, entry)
        }
        return try await open(person, rule, claims, attempt, entry, request, context)
    }

    private func open(
        _ person: ClaimedPerson, _ rule: ClaimRule, _ claims: Claims, _ attempt: SignInAttempt,
        _ entry: IdentityProviders.Entry, _ request: Request, _ context: BasicRequestContext
    ) async throws(StoreError) -> Response {
        let (secret, now) = (HandedSecret(), Timestamp.truncate(now()))
        let known = ProviderIdentity(
            provider: entry.provider.id, issuer: entry.provider.registration.issuer, subject: claims.subject,
            person: NewStaffMember(
                email: person.email, name: person.name, organization: rule.organization, role: rule.role))
        let outcome = try await store.signIn(
            known, attempt: attempt.hash, session: secret.hash, until: now.shifted(by: SessionCookie.lifetime), at: now)
        switch outcome {
        case .opened:
            context.logger.notice(
                "Somebody has signed in.",
                metadata: ["room": "\(room.rawValue)", "identity-provider": "\(entry.provider.id)"])
            return .seeOther(base, headers: session.setting(secret, for: request))
        case .used: return stale(entry)
        case .revoked:
            note("revoked", entry, context)
            return refusal(
                ["An operator has ended the access of \(Shown.short(person.email, 128)).", "Ask \(whom) about it."],
                entry)
        case .taken:
            note("another account's address", entry, context)
            return refusal(
                [
                    """
                    With the address \(Shown.short(person.email, 128)) somebody else is known here: another \
                    account has signed in with it before.
                    """,
                    """
                    Ask \(whom) for a sign-in link for this address. When it was made, the next account that has the \
                    address signs in as you do now.
                    """,
                ], entry)
        }
    }

    // MARK: What is shown instead

    private var whom: String { room == .console ? "an operator" : "whoever runs Intake for your organization" }

    private func page(
        _ title: String, _ paragraphs: [String], _ entry: IdentityProviders.Entry, status: HTTPResponse.Status,
        headers: HTTPFields = [:]
    ) -> Response {
        AlonePage.response(
            title, room,
            AlonePage(
                paragraphs: paragraphs,
                choices: [.init(linkHref: entry.start, linkText: "Try again")],
                link: .init(linkHref: "\(base)/sign-in", linkText: "Sign in with a link")),
            templates, status: status, headers: headers)
    }

    private func refusal(_ paragraphs: [String], _ entry: IdentityProviders.Entry) -> Response {
        page("You are not let in", paragraphs, entry, status: .forbidden)
    }

    private func stale(_ entry: IdentityProviders.Entry) -> Response {
        page(
            "This sign-in has ended",
            [
                """
                It was used already, it took longer than ten minutes, or it was begun in another browser. Nobody was \
                signed in.
                """
            ], entry, status: .forbidden)
    }

    private func unknown(_ person: ClaimedPerson, _ claims: Claims, _ entry: IdentityProviders.Entry) -> Response {
        let name = Shown.short(entry.provider.name, 60)
        var paths: [[String]] = []
        for rule in entry.provider.rules where !paths.contains(rule.claim) { paths.append(rule.claim) }
        let facts = paths.prefix(5).map { path in
            let values = ClaimRule.values(claims[path]).prefix(10).map { Shown.short($0, 60) }.joined(separator: ", ")
            return "\(Shown.short(path.joined(separator: "."), 80)): \(values.isEmpty ? "nothing" : values)"
        }
        return refusal(
            [
                """
                \(name) says that you are \(Shown.short(person.name, 60)), \(Shown.short(person.email, 128)), and \
                nothing about you that opens the \(room.rawValue).
                """,
                "Ask \(whom) to let you in, and tell them this, as \(name) says it of you:",
            ] + facts, entry)
    }

    private func elsewhere(_ person: ClaimedPerson, _ entry: IdentityProviders.Entry) -> Response {
        refusal(
            [
                """
                As \(Shown.short(person.email, 128)) you are \(room == .console ? "no operator" : "an operator"): you \
                sign in at the \(room == .console ? "desk" : "console").
                """,
                "If that should not be so, ask \(whom).",
            ], entry)
    }

    private func withoutAddress(_ fault: ClaimedPerson.Fault, _ entry: IdentityProviders.Entry) -> Response {
        let name = Shown.short(entry.provider.name, 60)
        let what =
            switch fault {
            case .noAddress: "\(name) does not say your e-mail address, by which people are known here."
            case .notVerified: "\(name) does not say that your e-mail address is really yours."
            }
        return refusal(
            [what, "Have your address confirmed there, or ask \(whom) to have \(name) tell it."], entry)
    }

    private func failed(
        _ failure: OpenIDFailure, _ entry: IdentityProviders.Entry, _ context: BasicRequestContext
    ) -> Response {
        let name = Shown.short(entry.provider.name, 60)
        note(failure.description, entry, context)
        switch failure {
        case .unreachable, .status:
            return page(
                "\(name) does not answer",
                ["Nobody can be signed in by it at the moment. Try again in a minute, or sign in with a link."], entry,
                status: .serviceUnavailable, headers: [.retryAfter: "60"])
        case .busy:
            return page(
                "Too many attempts",
                ["Too many sign-ins are under way or have failed just now. Try again in a minute."],
                entry, status: .tooManyRequests, headers: [.retryAfter: "60"])
        case .notSignedIn("access_denied"):
            return page(
                "You were not signed in", ["\(name) was told not to sign you in."], entry, status: .forbidden)
        case .notSignedIn, .refused:
            return page(
                "You were not signed in", ["\(name) did not sign you in. Nothing was changed."], entry,
                status: .forbidden)
        case .answer, .token:
            return page(
                "You were not signed in",
                [
                    "What \(name) says cannot be believed. Nothing was changed.",
                    "Tell \(whom) when this happened: the log says why.",
                ], entry, status: .badGateway)
        }
    }

    /// - Parameter reason: names nobody.
    private func note(_ reason: String, _ entry: IdentityProviders.Entry, _ context: BasicRequestContext) {
        context.logger.warning(
            "An identity provider has signed nobody in.",
            metadata: [
                "room": "\(room.rawValue)", "identity-provider": "\(entry.provider.id)", "reason": "\(reason)",
            ])
    }
}
