import AdminAPI
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
            choice.ids = Set(try await store.deadLetterIDs(filter, limit: Self.mostChosen))
            guard !choice.ids.isEmpty else { throw Problem.nothingDead }
        }
        return try await take(
            RemedyOrder(
                remedy: .replay, choice: choice, stage: stage, isCanary: form["careful"] != nil,
                what: Self.words(filter), by: visitor.member, at: Timestamp.truncate(now())))
    }

    private static func words(_ filter: DeadLetterFilter) -> String {
        [filter.stage?.rawValue, filter.reason, filter.provider].compactMap(\.self).map { Shown.short($0, 64) }
            .joined(separator: ", ")
    }

    /// How many letters one order names at most.
    static let mostChosen = 10_000

    /// Throws away the letters that the page has shown and no others: each is named. One that dies meanwhile stays.
    @Sendable func discardGroup(
        _ request: Request, _ context: BasicRequestContext, _ visitor: Visitor, _ form: FormBody
    ) async throws -> Response {
        let filter = Self.filter { form[$0] }
        guard let stage = filter.stage else { throw Problem.badForm("Choose a stage.") }
        let why = try Self.why(form, "Say why they are thrown away.")
        guard let seen = form["count"].flatMap({ Int(foreign: $0) }), seen > 0 else { throw Problem.badForm }
        let ids = try await store.deadLetterIDs(filter, limit: Self.mostChosen)
        guard !ids.isEmpty else { throw Problem.nothingDead }
        guard ids.count <= seen else {
            throw Problem(
                status: .conflict, code: "more-dead",
                detail: "There are more of them by now than you have seen. Nothing was changed: look at them first.")
        }
        let count = ids.count == 1 ? "1 letter" : "\(DeskCounts.grouped(ids.count)) letters"
        return try await take(
            RemedyOrder(
                remedy: .discard(why: why), choice: DeadLetterChoice(ids: Set(ids)), stage: stage,
                what: "\(Self.words(filter)), \(count)", by: visitor.member, at: Timestamp.truncate(now())))
    }

    /// Why something is done.
    /// - Parameter request: what is asked for where nothing is said.
    static func why(_ form: FormBody, _ request: String) throws(Problem) -> String {
        let why = form["why"].map { $0.trimmingCharacters(in: .whitespacesAndNewlines) } ?? ""
        guard !why.isEmpty else { throw .badForm(request) }
        guard RequestPatch.check(note: why) == nil else {
            throw .badForm("A reason may have at most 500 characters, and no control characters.")
        }
        return why
    }

    @Sendable func replayLetter(
        _ request: Request, _ context: BasicRequestContext, _ visitor: Visitor, _ form: FormBody
    ) async throws -> Response {
        try await settle(.replay, context, visitor, form)
    }

    @Sendable func discardLetter(
        _ request: Request, _ context: BasicRequestContext, _ visitor: Visitor, _ form: FormBody
    ) async throws -> Response {
        let why = try Self.why(form, "Say why it is thrown away.")
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
