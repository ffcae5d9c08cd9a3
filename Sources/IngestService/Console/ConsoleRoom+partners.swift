import AdminAPI
import Contracts
import Foundation
import HTTPListener
import Hummingbird
import Pages

/// Who sends and is told, and what an operator does about their callbacks.
extension ConsoleRoom {
    @Sendable func partners(
        _ request: Request, _ context: BasicRequestContext, _ visitor: Visitor
    ) async throws -> Response {
        let figures = try await board.figures()
        let (trouble, endpoints) = try await store.callbackTrouble()
        let view = PartnersView(
            providers().known, figures, history.all, trouble: trouble, endpoints: endpoints,
            callbacks: await peers.partners(), refusals: refusals.entries(of:), now: now())
        let dead = figures.parts.values.reduce(0) { $0 + $1.dead }
        var frame = frame("Partners", visitor, .partners, dead: dead)
        switch request.uri.queryParameters.get("done") {
        case "paused": frame.notice = .init("Paused. What comes waits, and nothing is lost.", tone: "good")
        case "resumed": frame.notice = .init("Resumed. What has waited goes out.", tone: "good")
        default: break
        }
        return .page(templates.html("console-partners", Page(frame, view)))
    }

    /// Sends a signed sample, and shows all that came of it.
    @Sendable func testCallback(
        _ request: Request, _ context: BasicRequestContext, _ visitor: Visitor, _ form: FormBody
    ) async throws -> Response {
        let provider = try Self.provider(form)
        try await note(.testedCallback, provider, visitor)
        let exchange: CallbackExchange?
        do throws(PeerProblem) { exchange = try await peers.test(provider) } catch { throw Problem.peer(error) }
        guard let exchange else { throw Problem.unknownPartner }
        let page = ExchangePage(exchange, of: provider, back: "/console/partners", backText: "Partners")
        return .page(
            templates.html(
                "test", Page(frame("Test callback", visitor, .partners, dead: try await deadCount()), page)))
    }

    @Sendable func pause(
        _ request: Request, _ context: BasicRequestContext, _ visitor: Visitor, _ form: FormBody
    ) async throws -> Response {
        let why = try Self.why(form, "Say why they are paused.")
        try await set(paused: true, why: why, visitor, form)
        return .seeOther("/console/partners?done=paused")
    }

    @Sendable func resume(
        _ request: Request, _ context: BasicRequestContext, _ visitor: Visitor, _ form: FormBody
    ) async throws -> Response {
        try await set(paused: false, why: nil, visitor, form)
        return .seeOther("/console/partners?done=resumed")
    }

    private func set(paused: Bool, why: String?, _ visitor: Visitor, _ form: FormBody) async throws {
        let provider = try Self.provider(form)
        try await note(paused ? .paused : .resumed, provider, visitor, why)
        let isKnown: Bool
        do throws(PeerProblem) {
            isKnown = try await peers.set(paused: paused, provider, by: visitor.member.name, why: why)
        } catch {
            try await note(paused ? .paused : .resumed, provider, visitor, "it did not work: \(error.text)")
            throw Problem.peer(error)
        }
        guard isKnown else { throw Problem.unknownPartner }
    }

    /// Written before it is done: what is done is in the log, whatever becomes of it.
    private func note(
        _ action: AuditEntry.Action, _ provider: String, _ visitor: Visitor, _ detail: String? = nil
    ) async throws(StoreError) {
        try await store.note(
            AuditEntry(
                at: Timestamp.truncate(now()), person: visitor.member.email, action: action,
                detail: [Shown.short(provider, 64), detail].compactMap(\.self).joined(separator: ": ")))
    }

    private static func provider(_ form: FormBody) throws(Problem) -> String {
        guard let provider = form["partner"], provider.utf8.count <= 200 else { throw .badForm }
        return provider
    }
}

extension Problem {
    static func peer(_ problem: PeerProblem) -> Problem {
        Problem(
            status: .serviceUnavailable, code: "callback-service-away",
            detail: "CallbackService cannot be asked: \(Shown.short(problem.text, 300)).")
    }

    static let unknownPartner = Problem(
        status: .conflict, code: "unknown-provider", detail: "callbacks.yaml does not name this partner.")
}
