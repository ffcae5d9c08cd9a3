import AdminAPI
import Contracts
import Foundation
import HTTPListener
import HTTPTypes
import Hummingbird
import Logging
import Pages
import Synchronization

/// The partner's page, on the public listener below `/partner`: its own requests, why a callback of its own has failed,
/// and what it may do about them. It does what the API does, with the same rights.
struct PartnerRoom: Sendable {
    let store: RequestStore
    let templates: PageTemplates
    let authenticator: Authenticator
    let waiters: JobWaiters
    let peers: CallbackPeers
    private let tests = PartnerTests()
    let now: @Sendable () -> Date
    private let signIn: PartnerSignIn

    typealias Visitor = PartnerSignIn.Visitor

    init(
        store: RequestStore, templates: PageTemplates, authenticator: Authenticator, waiters: JobWaiters,
        peers: CallbackPeers, now: @escaping @Sendable () -> Date
    ) {
        self.store = store
        self.templates = templates
        self.authenticator = authenticator
        self.waiters = waiters
        self.peers = peers
        self.now = now
        signIn = PartnerSignIn(store: store, templates: templates, authenticator: authenticator, now: now)
    }

    func register(on router: some RouterMethods<BasicRequestContext>) {
        let group = router.group("/partner").add(middleware: PageProblems(room: .partner, templates: templates))
        group.get("assets/{name}", use: AssetController().get)
        signIn.register(on: group)
        group.get(use: signIn.page(home))
        group.get("requests", use: signIn.page(list))
        group.get("requests/{id}", use: signIn.page(request))
        group.post("requests/{id}/resend", use: signIn.action(resend))
        group.post("requests/{id}/withdraw", use: signIn.action(withdraw))
        group.post("requests/{id}/contact", use: signIn.action(correct))
        group.post("resend", use: signIn.action(summary))
        group.post("resend/apply", use: signIn.action(apply))
        group.post("test", use: signIn.action(testCallback))
        group.post("secret", use: signIn.action(rotateSecret))
        group.get("**") { _, _ -> Response in throw Problem.notFound }
    }

    private enum Place { case home, list, other }

    private func html(
        _ template: String, _ title: String, _ visitor: Visitor, _ place: Place, _ view: some Sendable,
        status: HTTPResponse.Status = .ok, notice: PageFrame.Notice? = nil
    ) -> Response {
        let frame = PageFrame(
            title, room: .partner,
            links: [
                .init("Callbacks", "/partner", isCurrent: place == .home),
                .init("Requests", "/partner/requests", isCurrent: place == .list),
            ], person: .init(name: visitor.provider.id, organization: "for \(visitor.provider.organization)"),
            csrf: visitor.secret.csrf, notice: notice)
        return .page(templates.html(template, Page(frame, view)), status: status)
    }

    // MARK: Looking

    @Sendable private func home(
        _ request: Request, _ context: BasicRequestContext, _ visitor: Visitor
    ) async throws -> Response {
        let before = request.uri.queryParameters.get("before").flatMap(Contracts.RequestID.init)
        let untaken = try await store.untaken(of: visitor.provider.id, before: before, limit: 31)
        let view = PartnerHome(
            untaken, endpoint: try await store.degradedEndpoint(of: visitor.provider.id),
            partner: await peers.partners().byID[visitor.provider.id], now: now())
        return html("partner-home", "Callbacks", visitor, .home, view)
    }

    /// `POST /partner/test`: sends a signed sample to the partner's own address, and shows all that came of it.
    @Sendable private func testCallback(
        _ request: Request, _ context: BasicRequestContext, _ visitor: Visitor, _ form: FormBody
    ) async throws -> Response {
        let provider = visitor.provider.id
        if let wait = tests.take(provider) {
            throw Problem(
                status: .tooManyRequests, code: "too-many-tests",
                detail: "A few tests were sent just now. Try again in \(wait) seconds.",
                headers: [.retryAfter: "\(wait)"])
        }
        try await store.note(.testedCallback, by: visitor.provider, at: Timestamp.truncate(now()), "")
        let exchange: CallbackExchange?
        do throws(PeerProblem) { exchange = try await peers.test(provider) } catch {
            context.logger.warning("CallbackService cannot be asked.", metadata: ["error": "\(error.text)"])
            throw Problem(
                status: .serviceUnavailable, code: "callback-service-away",
                detail: "No test can be sent at the moment. Try again in a minute.", headers: [.retryAfter: "60"])
        }
        guard let exchange else {
            throw Problem(
                status: .conflict, code: "no-endpoint",
                detail: "The operator has not yet said where your callbacks go.")
        }
        let page = ExchangePage(exchange, of: provider, back: "/partner", backText: "Callbacks")
        return html("test", "Test callback", visitor, .other, page)
    }

    /// `POST /partner/secret`: a new signing secret in the place of those that sign, which sign for a while longer.
    /// This answer alone shows it.
    @Sendable private func rotateSecret(
        _ request: Request, _ context: BasicRequestContext, _ visitor: Visitor, _ form: FormBody
    ) async throws -> Response {
        guard let overlap = PartnerSecret.overlaps.first(where: { $0.value == form["overlap"] }) else {
            throw Problem.badForm("Say how long the secret of today is to sign too.")
        }
        let provider = visitor.provider.id
        let made: (secret: RotatedSecret, isEverywhere: Bool)?
        do throws(PeerProblem) {
            made = try await peers.rotateSecret(of: provider, by: "partner \(provider)", overlap: overlap.duration)
        } catch {
            if error.status == 409 {
                throw Problem(
                    status: .conflict, code: "too-many-secrets",
                    detail: "Several secrets sign already. Wait until one of them ends, or have them end at once.")
            }
            context.logger.warning("CallbackService cannot be asked.", metadata: ["error": "\(error.text)"])
            throw Problem(
                status: .serviceUnavailable, code: "callback-service-away",
                detail: "The secret cannot be changed at the moment, and is as it was. Try again in a minute.",
                headers: [.retryAfter: "60"])
        }
        guard let made else {
            throw Problem(
                status: .conflict, code: "no-endpoint",
                detail: "The operator has not yet said where your callbacks go.")
        }
        let id = made.secret.signingSecretIds.first ?? ""
        try await store.note(
            .rotatedSecret, by: visitor.provider, at: Timestamp.truncate(now()),
            "\(id), earlier ones end \(overlap.words)")
        let view = PartnerSecret(made.secret.secret, id: id, overlap, isEverywhere: made.isEverywhere)
        return html("partner-secret", "New signing secret", visitor, .other, view)
    }

    @Sendable private func list(
        _ request: Request, _ context: BasicRequestContext, _ visitor: Visitor
    ) async throws -> Response {
        let parameters = request.uri.queryParameters
        let text = parameters.get("q").map { String($0.prefix(200)) } ?? ""
        let wanted = text.trimmingCharacters(in: .whitespacesAndNewlines)
        var filter = RequestFilter()
        filter.provider = visitor.provider.id
        filter.tenant = .provider
        if !wanted.isEmpty { filter.providerRequestID = wanted }
        let before = parameters.get("before").flatMap(Contracts.RequestID.init)
        var found = try await store.requests(filter, before: before, limit: 31).requests
        if found.isEmpty, let id = Contracts.RequestID(wanted), let own = try await own(id, visitor) {
            found = [own.request]
        }
        if !wanted.isEmpty, found.count == 1 { return .seeOther("/partner/requests/\(found[0].id)") }
        return html("partner-requests", "Requests", visitor, .list, PartnerList(wanted, found, now: now()))
    }

    private func own(_ id: Contracts.RequestID, _ visitor: Visitor) async throws(StoreError) -> StoredJob? {
        guard let job = try await store.job(id), job.request.provider.id == visitor.provider.id else { return nil }
        return job
    }

    private func id(_ context: BasicRequestContext) throws(Problem) -> Contracts.RequestID {
        guard let id = context.parameters.get("id").flatMap(Contracts.RequestID.init) else { throw .notFound }
        return id
    }

    @Sendable private func request(
        _ request: Request, _ context: BasicRequestContext, _ visitor: Visitor
    ) async throws -> Response {
        let notice: PageFrame.Notice? =
            switch request.uri.queryParameters.get("done") {
            case "resent": .init("It goes out again, as a new event under a webhook-id of its own.", tone: "good")
            case "withdrawn": .init("Withdrawn. The organization sees it.", tone: "good")
            case "corrected": .init("Saved. The organization sees what you wrote.", tone: "good")
            default: nil
            }
        return try await show(try id(context), visitor, notice: notice)
    }

    /// - Parameter problem: why nothing was changed.
    private func show(
        _ id: Contracts.RequestID, _ visitor: Visitor, notice: PageFrame.Notice? = nil, problem: String? = nil,
        status: HTTPResponse.Status = .ok
    ) async throws -> Response {
        guard let job = try await own(id, visitor) else { throw Problem.notFound }
        var view = PartnerRequest(job)
        view.problem = problem
        return html("partner-request", view.name, visitor, .other, view, status: status, notice: notice)
    }

    // MARK: One request

    @Sendable private func resend(
        _ request: Request, _ context: BasicRequestContext, _ visitor: Visitor, _ form: FormBody
    ) async throws -> Response {
        let id = try id(context)
        switch try await store.resend(id, by: UUID(), at: Timestamp.truncate(now()), for: visitor.provider) {
        case .unknown: throw Problem.notFound
        case .undecided:
            return try await show(
                id, visitor, problem: "It is not decided yet: there is nothing to tell.", status: .conflict)
        case .enqueued:
            waiters.wake(id)
            return .seeOther("/partner/requests/\(id)?done=resent")
        }
    }

    @Sendable private func withdraw(
        _ request: Request, _ context: BasicRequestContext, _ visitor: Visitor, _ form: FormBody
    ) async throws -> Response {
        let id = try id(context)
        guard let seen = form["seen"].flatMap(DeskRevision.init) else { throw Problem.badForm }
        let outcome = try await store.withdraw(
            id, by: visitor.provider, reason: try DeskRoom.note(form), at: Timestamp.truncate(now()),
            traceParent: TraceParent.from(request.headers[.traceParent]), precondition: { DeskRevision($0) == seen })
        switch outcome {
        case .withdrawn, .unchanged:
            waiters.wake(id)
            return .seeOther("/partner/requests/\(id)?done=withdrawn")
        case .closed(let status):
            return try await show(
                id, visitor, problem: "It is \(status.rawValue) already. Nothing was changed.", status: .conflict)
        case .declined:
            return try await show(
                id, visitor, problem: "The organization does not cover it: there is nothing to withdraw.",
                status: .conflict)
        case .preconditionFailed: return try await changedMeanwhile(id, visitor)
        case .unknown: throw Problem.notFound
        }
    }

    @Sendable private func correct(
        _ request: Request, _ context: BasicRequestContext, _ visitor: Visitor, _ form: FormBody
    ) async throws -> Response {
        let id = try id(context)
        guard let seen = form["seen"].flatMap(DeskRevision.init) else { throw Problem.badForm }
        let patch: ContactPatch
        do throws(Problem) {
            patch = try ContactPatch.parse(Self.json(form))
        } catch {
            return try await show(id, visitor, problem: Self.words(error), status: .unprocessableContent)
        }
        let outcome = try await store.correct(
            id, by: visitor.provider, patch, contact: authenticator.contact(of: visitor.provider),
            at: Timestamp.truncate(now()), precondition: { DeskRevision($0) == seen })
        switch outcome {
        case .corrected, .unchanged: return .seeOther("/partner/requests/\(id)?done=corrected")
        case .begun, .withdrawn, .erased:
            return try await show(
                id, visitor, problem: "Somebody has begun, or it is over. Nothing was changed.", status: .conflict)
        case .unreachable(let errors):
            return try await show(
                id, visitor, problem: Self.words(.invalid(errors)), status: .unprocessableContent)
        case .preconditionFailed: return try await changedMeanwhile(id, visitor)
        case .unknown: throw Problem.notFound
        }
    }

    /// The fields as the API takes them; what is empty is taken away.
    private static func json(_ form: FormBody) -> [UInt8] {
        var text = JSONObjectText()
        for name in ["name", "phone", "email"] { text.add(name, form[name] ?? "") }
        return text.bytes()
    }

    private static func words(_ problem: Problem) -> String {
        let errors = (problem.extensions as? Problem.Extensions)?.errors ?? []
        let texts = errors.map { "\($0.pointer.dropFirst()) \($0.detail)" }
        return (texts.isEmpty ? [problem.detail] : texts).joined(separator: "; ") + ". Nothing was changed."
    }

    private func changedMeanwhile(_ id: Contracts.RequestID, _ visitor: Visitor) async throws -> Response {
        try await show(
            id, visitor, problem: "It has changed since you opened this page. Look, and decide again.",
            status: .conflict)
    }

    // MARK: Many at once

    private struct Since: Sendable {
        var date: Date
        var untakenOnly: Bool

        init(_ form: FormBody, now: Date) throws(Problem) {
            // What a browser's field for a day and a time says, in UTC.
            guard let text = form["since"], text.utf8.count <= 32,
                let date = RFC3339.date(text.utf8.count == 16 ? "\(text):00Z" : "\(text)Z") ?? RFC3339.date(text),
                date <= now
            else { throw .badForm("Name a day and a time that are past, in UTC.") }
            self.date = date
            untakenOnly = form["which"] != "all"
        }
    }

    /// `POST /partner/resend`: says what would happen, and changes nothing.
    @Sendable private func summary(
        _ request: Request, _ context: BasicRequestContext, _ visitor: Visitor, _ form: FormBody
    ) async throws -> Response {
        let since = try Since(form, now: now())
        let found = try await store.news(
            of: visitor.provider.id, since: since.date, untakenOnly: since.untakenOnly,
            limit: RequestStore.mostResent + 1)
        let view = PartnerResend(found.count, since: since.date, untakenOnly: since.untakenOnly)
        return html("partner-resend", view.heading, visitor, .other, view)
    }

    /// `POST /partner/resend/apply`
    @Sendable private func apply(
        _ request: Request, _ context: BasicRequestContext, _ visitor: Visitor, _ form: FormBody
    ) async throws -> Response {
        let since = try Since(form, now: now())
        let found = try await store.news(
            of: visitor.provider.id, since: since.date, untakenOnly: since.untakenOnly,
            limit: RequestStore.mostResent)
        let now = Timestamp.truncate(now())
        var count = 0
        for start in stride(from: 0, to: found.count, by: 100) {
            let part = Array(found[start..<min(start + 100, found.count)])
            count += try await store.resend(part, by: visitor.provider, at: now)
        }
        try await store.note(
            .resent, by: visitor.provider, at: now, "\(count), since \(Timestamp.string(since.date))")
        context.logger.notice(
            "A partner wants to be told once more.",
            metadata: ["provider": "\(visitor.provider.id)", "count": "\(count)"])
        return html("partner-resend", "Sent again", visitor, .other, PartnerResend(done: count, since: since.date))
    }
}

/// How often a partner may have its endpoint tested: three times at once, then once in twenty seconds.
final class PartnerTests: Sendable {
    private static let most = 1000
    private let buckets = Mutex<[String: TokenBucket<ContinuousClock.Instant>]>([:])

    /// - Returns: `nil` when it may, else in how many seconds.
    func take(_ provider: String) -> Int? {
        buckets.withLock { buckets in
            let now = ContinuousClock.now
            // Who signs in is in the file: there are not more than that, and those who rest do not count.
            if buckets.count >= Self.most { buckets.removeAll() }
            let wait = buckets[provider, default: TokenBucket(at: now)].take(
                at: now, interval: .seconds(20), burst: 3)
            return wait.map { Int($0.components.seconds) + 1 }
        }
    }
}
