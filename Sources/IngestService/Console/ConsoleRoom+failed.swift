import Contracts
import DeadLetters
import Foundation
import HTTPListener
import HTTPTypes
import Hummingbird
import Pages

/// What stages gave up, and what an operator does about it. Nothing personal is shown.
extension ConsoleRoom {
    @Sendable func failed(
        _ request: Request, _ context: BasicRequestContext, _ visitor: Visitor
    ) async throws -> Response {
        let parameters = request.uri.queryParameters
        let filter = Self.filter { parameters.get($0) }
        let after = parameters.get("after").flatMap(DeadLetterCursor.init)
        let groups = try await store.deadLetterGroups(DeadLetterFilter(), byProvider: true)
        let found = try await store.deadLetters(filter, after: after, limit: 51)
        let view = FailedView(
            groups, filter, Array(found.prefix(50)), hasMore: found.count > 50, run: runs.newest, now: now())
        let dead = groups.reduce(0) { $0 + $1.count }
        return .page(templates.html("console-failed", Page(frame("Failed", visitor, .failed, dead: dead), view)))
    }

    /// Of a query or of a form alike.
    private static func filter(_ value: (String) -> String?) -> DeadLetterFilter {
        func text(_ name: String) -> String? { value(name).flatMap { $0.isEmpty || $0.utf8.count > 200 ? nil : $0 } }
        return DeadLetterFilter(
            stage: text("stage").flatMap(Stage.init), reason: text("reason"), provider: text("partner"))
    }

    /// One message's letters, or all about one request.
    @Sendable func letters(
        _ request: Request, _ context: BasicRequestContext, _ visitor: Visitor
    ) async throws -> Response {
        let found = try await found(context)
        let view = LettersView(found, run: runs.newest)
        return .page(
            templates.html(
                "console-letter", Page(frame("Failed message", visitor, .failed, dead: try await deadCount()), view)))
    }

    private func found(_ context: BasicRequestContext) async throws -> [StoredDeadLetter] {
        guard let id = context.parameters.get("id").flatMap(UUID.init(canonical:)) else { throw Problem.notFound }
        let found = try await store.deadLetters(id)
        guard !found.isEmpty else { throw Problem.notFound }
        return found
    }

    // MARK: Replay and discard

    @Sendable func replayGroup(
        _ request: Request, _ context: BasicRequestContext, _ visitor: Visitor, _ form: FormBody
    ) async throws -> Response {
        let filter = Self.filter { form[$0] }
        guard let stage = filter.stage else { throw Problem.badForm("Choose a stage.") }
        var choice = DeadLetterChoice(reason: filter.reason)
        if filter.provider != nil {
            // Whose a message is says the projection: not every message does itself.
            choice.ids = Set(try await store.deadLetterIDs(filter, limit: 10_000))
            guard !choice.ids.isEmpty else { throw Problem.nothingDead }
        }
        let words = [stage.rawValue, filter.reason, filter.provider].compactMap(\.self)
        return try await take(
            RemedyOrder(
                remedy: .replay, choice: choice, stage: stage, isCanary: form["careful"] != nil,
                what: words.map { Shown.short($0, 64) }.joined(separator: ", "), by: visitor.member,
                at: Timestamp.truncate(now())))
    }

    @Sendable func replayLetter(
        _ request: Request, _ context: BasicRequestContext, _ visitor: Visitor, _ form: FormBody
    ) async throws -> Response {
        try await settle(.replay, context, visitor, form)
    }

    @Sendable func discardLetter(
        _ request: Request, _ context: BasicRequestContext, _ visitor: Visitor, _ form: FormBody
    ) async throws -> Response {
        let why = form["why"].map { $0.trimmingCharacters(in: .whitespacesAndNewlines) } ?? ""
        guard !why.isEmpty else { throw Problem.badForm("Say why it is thrown away.") }
        guard RequestPatch.check(note: why) == nil else {
            throw Problem.badForm("A reason may have at most 500 characters, and no control characters.")
        }
        return try await settle(.discard(why: why), context, visitor, form)
    }

    /// One letter, by its message and its stage.
    private func settle(
        _ remedy: Remedy, _ context: BasicRequestContext, _ visitor: Visitor, _ form: FormBody
    ) async throws -> Response {
        let found = try await found(context)
        guard let stage = form["stage"].flatMap(Stage.init) else { throw Problem.badForm }
        let wanted = found.first { $0.message.stage == stage && $0.resolution == nil }
        guard let letter = wanted?.message else { throw Problem.nothingDead }
        return try await take(
            RemedyOrder(
                remedy: remedy, choice: DeadLetterChoice(ids: [letter.messageID]), stage: stage,
                what: "\(stage.rawValue), message \(letter.messageID.canonical)", request: letter.requestID,
                by: visitor.member, at: Timestamp.truncate(now())))
    }

    private func take(_ order: RemedyOrder) async throws -> Response {
        guard try await runs.take(order) else {
            throw Problem(
                status: .conflict, code: "run-under-way",
                detail: "Another replay or discard is under way. Nothing was changed: wait until it has ended.")
        }
        return .seeOther("/console/failed/run")
    }

    // MARK: How far it is

    @Sendable func run(
        _ request: Request, _ context: BasicRequestContext, _ visitor: Visitor
    ) async throws -> Response {
        guard let newest = runs.newest else { return .seeOther("/console/failed") }
        let view = RunView(newest)
        return .page(
            templates.html(
                "console-run", Page(frame(view.heading, visitor, .failed, dead: try await deadCount()), view)))
    }

    @Sendable func runEvents(
        _ request: Request, _ context: BasicRequestContext, _ visitor: Visitor
    ) async throws -> Response {
        try live.response { [self] in
            guard try await isSignedIn(visitor) else { return nil }
            return runs.newest.map { RunView($0).values } ?? [:]
        }
    }
}

extension Problem {
    fileprivate static let nothingDead = Problem(
        status: .conflict, code: "nothing-dead",
        detail: "There is no such letter any more: somebody has looked after it. Nothing was changed.")
}
