import AdminAPI
import Contracts
import HTTPListener
import HTTPTypes
import Hummingbird
import Logging
import Pages

/// What people change at the desk. Each change goes out only from the state that its person has seen.
extension DeskRoom {
    typealias Visitor = SignInRoom.Visitor

    @Sendable func step(
        _ request: Request, _ context: BasicRequestContext, _ visitor: Visitor, _ form: FormBody
    ) async throws -> Response {
        let id = try id(context)
        guard let step = form["step"].flatMap(OrganizationStatus.Step.init) else { throw Problem.badForm }
        return try await change(id, visitor, form, request, done: "step") { $0.step = step }
    }

    @Sendable func assign(
        _ request: Request, _ context: BasicRequestContext, _ visitor: Visitor, _ form: FormBody
    ) async throws -> Response {
        let id = try id(context)
        let hands = try Self.hands(form)
        let tells = form["tell"] != nil
        return try await change(id, visitor, form, request, done: tells ? "step" : "assigned") { action in
            action.hands = hands
            if tells { action.step = .assigned }
        }
    }

    @Sendable func note(
        _ request: Request, _ context: BasicRequestContext, _ visitor: Visitor, _ form: FormBody
    ) async throws -> Response {
        guard form["note"] != nil else { throw Problem.badForm }
        return try await change(try id(context), visitor, form, request, done: "noted", needsSeen: false) { _ in }
    }

    @Sendable func decide(
        _ request: Request, _ context: BasicRequestContext, _ visitor: Visitor, _ form: FormBody
    ) async throws -> Response {
        let id = try id(context)
        guard let answer = form["decision"].flatMap(ReviewAnswer.init),
            let seen = form["seen"].flatMap(DeskRevision.init)
        else { throw Problem.badForm }
        let note = try Self.note(form)
        let verdict = ReviewVerdict(
            answer: answer, note: note, by: "the organization's staff", person: visitor.member,
            organization: visitor.organization, at: Timestamp.truncate(now()),
            traceParent: TraceParent.from(request.headers[.traceParent]),
            precondition: { DeskRevision($0) == seen })
        switch try await store.decideReview(of: id, verdict) {
        case .decided:
            waiters.wake(id)
            context.logger.info("A person has decided a request.", metadata: ["request_id": "\(id)"])
            return .seeOther("/desk/requests/\(id)?done=decided")
        case .unchanged: return .seeOther("/desk/requests/\(id)")
        case .preconditionFailed, .decidedOtherwise, .notAsked:
            return try await conflict(id, visitor, note)
        case .unknown: throw Problem.notFound
        }
    }

    private func change(
        _ id: Contracts.RequestID, _ visitor: Visitor, _ form: FormBody, _ request: Request, done: String,
        needsSeen: Bool = true, _ adapt: (inout DeskAction) -> Void
    ) async throws -> Response {
        let seen = form["seen"].flatMap(DeskRevision.init)
        guard seen != nil || !needsSeen else { throw Problem.badForm }
        var action = DeskAction(
            note: try Self.note(form), by: visitor.member, at: Timestamp.truncate(now()),
            traceParent: TraceParent.from(request.headers[.traceParent]), seen: needsSeen ? seen : nil)
        adapt(&action)
        switch try await store.act(on: id, within: visitor.organization, action) {
        case .done(_, let isStep):
            if isStep { waiters.wake(id) }
            return .seeOther("/desk/requests/\(id)?done=\(!isStep && done == "step" ? "assigned" : done)")
        case .changedMeanwhile: return try await conflict(id, visitor, action.note)
        case .refused(let status):
            return try await show(id, visitor, status: .conflict) { view in
                view.problem =
                    "This step does not follow from \(DeskWords.state(status).word.lowercased()). Nothing was changed."
                view.draft = action.note ?? ""
            }
        case .undecided, .declined:
            return try await show(id, visitor, status: .conflict) {
                $0.problem = "You do not cover this request, or nobody knows yet. Nothing was changed."
            }
        case .unknown: throw Problem.notFound
        }
    }

    /// Shows the request as it is now, and keeps what was written.
    private func conflict(
        _ id: Contracts.RequestID, _ visitor: Visitor, _ note: String?
    ) async throws -> Response {
        try await show(id, visitor, status: .conflict) { view in
            let last = view.story.first
            let who = last?.byWhom.map { " by \($0)" } ?? ""
            let what =
                last.map { "The last thing that happened: \($0.what.lowercasedFirst)\(who), \($0.when.text). " } ?? ""
            view.conflict = .init(
                conflictHeading: "Somebody changed this request while you looked at it",
                conflictText:
                    "\(what)Nothing of yours was saved; a note that you wrote is still below. Look, and decide again.")
            view.draft = note ?? ""
        }
    }

    // MARK: What a form says

    /// - Throws: `Problem` when it is too long, or holds what no note may.
    static func note(_ form: FormBody) throws(Problem) -> String? {
        guard let raw = form["note"] else { return nil }
        // A browser sends the ends of lines as CR LF (WHATWG HTML, 4.10.21.7).
        let note = raw.replacing("\r\n", with: "\n").replacing("\r", with: "\n")
        guard RequestPatch.check(note: note) == nil else {
            throw .badForm("A note may have at most \(RequestPatch.longestNote) characters, and no control characters.")
        }
        return note
    }

    /// - Throws: `Problem` when a name is too long, or the day is none.
    static func hands(_ form: FormBody) throws(Problem) -> DeskAction.Hands {
        DeskAction.Hands(assignee: try name(form["assignee"]), team: try name(form["team"]), due: try day(form["due"]))
    }

    private static func name(_ raw: String?) throws(Problem) -> String? {
        guard let raw, !raw.isBlank else { return nil }
        guard raw.utf8.count <= 12 * Assignment.longestName else {
            throw .badForm("A name may have at most 128 characters.")
        }
        let name = NormalText.of(raw)
        guard name.count <= Assignment.longestName, !name.unicodeScalars.contains(where: NormalText.isForbidden) else {
            throw .badForm("A name may have at most 128 characters, and no control characters.")
        }
        return name.isEmpty ? nil : name
    }

    private static func day(_ raw: String?) throws(Problem) -> Day? {
        guard let raw else { return nil }
        guard let day = Day(raw) else { throw .badForm("A day looks like 2026-12-01.") }
        return day
    }
}

extension Problem {
    static let badForm = badForm("The form is not complete. Load the page again, and try once more.")

    static func badForm(_ detail: String) -> Problem {
        Problem(status: .unprocessableContent, code: "bad-form", detail: "\(detail) Nothing was changed.")
    }
}

extension String {
    fileprivate var lowercasedFirst: String { prefix(1).lowercased() + dropFirst() }
}
