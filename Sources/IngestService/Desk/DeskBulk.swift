import Contracts
import HTTPListener
import HTTPTypes
import Hummingbird
import Pages

/// The same change for many requests: first what would happen, then what did.
extension DeskRoom {
    /// How many at once.
    static let mostPicked = 200

    /// What is to happen to each.
    private struct BulkChange: Sendable {
        var step: OrganizationStatus.Step?
        var hands: DeskAction.Hands
        var isAssigning: Bool { hands.assignee != nil || hands.team != nil || hands.due != nil }

        /// - Throws: `Problem` when nothing is to happen, or the form is wrong.
        init(_ form: FormBody) throws(Problem) {
            step = form["step"].flatMap(OrganizationStatus.Step.init)
            hands = try DeskRoom.hands(form)
            guard step != nil || isAssigning else {
                throw .badForm("Choose a next step, or somebody's hands.")
            }
        }

        /// What is not named stays.
        func hands(of request: StoredRequest) -> DeskAction.Hands? {
            guard isAssigning else { return nil }
            let now = request.assignment
            return DeskAction.Hands(
                assignee: hands.assignee ?? now?.assignee, team: hands.team ?? now?.team, due: hands.due ?? now?.due)
        }

        /// Why it cannot be; `nil` when it can.
        func obstacle(_ request: StoredRequest) -> String? {
            guard let decision = request.decision else { return "nobody knows yet whether you cover it" }
            guard decision.acceptance else { return "you do not cover it" }
            guard let step else { return request.organizationProgress.status.isOpen ? nil : "it is closed" }
            if request.organizationProgress.status.taking(step) == .refused {
                return "it is \(DeskWords.state(request.organizationProgress.status).word.lowercased())"
            }
            return nil
        }

        func words(today: Day) -> String {
            var parts: [String] = []
            if let step {
                parts.append(
                    "\(DeskWords.step(step).label.lowercased()) (the partners are told: \(step.target.rawValue))")
            }
            if isAssigning {
                let names = [hands.assignee, hands.team].compactMap(\.self).map { Shown.short($0, 60) }
                let hands = names.isEmpty ? "" : "put into the hands of \(names.joined(separator: ", "))"
                let due = hands.isEmpty ? "set the due day to" : "due"
                parts.append(
                    [hands, self.hands.due.map { "\(due) \($0.words(today: today))" } ?? ""].filter { !$0.isEmpty }
                        .joined(separator: ", "))
            }
            return parts.joined(separator: "; ")
        }
    }

    private static func picks(_ form: FormBody) throws(Problem) -> [Contracts.RequestID] {
        let picks = form.all("pick").compactMap(Contracts.RequestID.init)
        guard !picks.isEmpty else { throw .badForm("Select at least one request.") }
        guard picks.count <= mostPicked else { throw .badForm("Select at most \(mostPicked) requests.") }
        return picks
    }

    /// Only to our own list.
    private static func back(_ form: FormBody) -> String {
        guard let back = form["back"], back.hasPrefix("/desk/requests"), back.utf8.count <= 4000,
            back.utf8.allSatisfy({ (0x21..<0x7F).contains($0) && $0 != UInt8(ascii: "\\") })
        else { return "/desk/requests" }
        return back
    }

    private struct SummaryView: Sendable {
        struct Group: Sendable {
            var groupHeading: String
            var groupText: String
            var members: [DeskItem]
        }

        var heading: String
        var summary: String
        var back: String
        var step: String
        var assignee: String
        var team: String
        var due: String
        var groups: [Group]
        var canApply: Bool
        var button: String
    }

    /// `POST /desk/bulk`: says what would happen, and changes nothing.
    @Sendable func summary(
        _ request: Request, _ context: BasicRequestContext, _ visitor: Visitor, _ form: FormBody
    ) async throws -> Response {
        let (picks, change, now) = (try Self.picks(form), try BulkChange(form), now())
        let today = Day(now)
        var possible: [DeskItem] = []
        var impossible: [String: [DeskItem]] = [:]
        for id in picks {
            guard let request = try await store.request(id), request.provider.organization == visitor.organization
            else { continue }
            var item = DeskItem(request, now: now)
            if let obstacle = change.obstacle(request) {
                impossible[obstacle, default: []].append(item)
            } else {
                item.seen = DeskRevision(request).description
                possible.append(item)
            }
        }
        var groups: [SummaryView.Group] = []
        if !possible.isEmpty {
            groups.append(
                .init(
                    groupHeading: "Will be changed: \(possible.count)",
                    groupText: "Each only if nobody changes it meanwhile.", members: possible))
        }
        for (obstacle, items) in impossible.sorted(by: { $0.key < $1.key }) {
            groups.append(
                .init(groupHeading: "Cannot: \(items.count)", groupText: "Since \(obstacle).", members: items))
        }
        let count = possible.count
        let view = SummaryView(
            heading: count == 0 ? "Nothing would happen" : "This will happen",
            summary: "\(count) of \(picks.count): \(change.words(today: today)).", back: Self.back(form),
            step: change.step?.rawValue ?? "", assignee: change.hands.assignee ?? "", team: change.hands.team ?? "",
            due: change.hands.due?.description ?? "", groups: groups, canApply: count > 0,
            button: count == 1 ? "Change this one" : "Change these \(count)")
        let counts = try await store.deskCounts(of: visitor.organization, today: today)
        return html("desk-bulk", frame(view.heading, visitor, .list, counts: counts), view)
    }

    private struct ReportView: Sendable {
        struct Line: Sendable {
            var link: String
            var name: String
            var outcome: String
            var word: String
            var tone: String
        }

        var heading: String
        var summary: String
        var back: String
        var lines: [Line]
    }

    /// `POST /desk/bulk/apply`: one after the other; one that cannot be keeps none of the others from it.
    @Sendable func apply(
        _ request: Request, _ context: BasicRequestContext, _ visitor: Visitor, _ form: FormBody
    ) async throws -> Response {
        let (picks, change) = (try Self.picks(form), try BulkChange(form))
        let seen = form.all("seen").map(DeskRevision.init)
        guard seen.count == picks.count else { throw Problem.badForm }
        let (now, note) = (Timestamp.truncate(now()), try Self.note(form))
        var (lines, done): ([ReportView.Line], Int) = ([], 0)
        for (id, seen) in zip(picks, seen) {
            guard let seen else { throw Problem.badForm }
            guard let before = try await store.request(id), before.provider.organization == visitor.organization
            else { continue }
            let action = DeskAction(
                step: change.step, hands: change.hands(of: before), note: note, by: visitor.member, at: now,
                traceParent: TraceParent.from(request.headers[.traceParent]), seen: seen)
            let outcome = try await store.act(on: id, within: visitor.organization, action)
            let (text, isDone) = take(outcome, id)
            done += isDone ? 1 : 0
            lines.append(
                .init(
                    link: "/desk/requests/\(id)", name: DeskItem(before, now: now).name, outcome: text,
                    word: isDone ? "Done" : "Not done", tone: isDone ? "good" : "bad"))
        }
        let today = Day(now)
        let view = ReportView(
            heading: done == lines.count ? "Done" : "Done in part",
            summary: "\(done) of \(lines.count): \(change.words(today: today)).", back: Self.back(form), lines: lines)
        let counts = try await store.deskCounts(of: visitor.organization, today: today)
        return html("desk-report", frame(view.heading, visitor, .list, counts: counts), view)
    }

    private func take(_ outcome: DeskOutcome, _ id: Contracts.RequestID) -> (text: String, isDone: Bool) {
        switch outcome {
        case .done(let request, let isStep):
            if isStep { waiters.wake(id) }
            let hands = request.assignment?.hands.map { ", in the hands of \(Shown.short($0, 60))" } ?? ""
            return ("\(DeskWords.state(request).word)\(hands)", true)
        case .refused(let status): return ("It was \(DeskWords.state(status).word.lowercased()) already", false)
        case .undecided: return ("Nobody knows yet whether you cover it", false)
        case .declined: return ("You do not cover it", false)
        case .changedMeanwhile: return ("Somebody changed it meanwhile: look at it again", false)
        case .unknown: return ("It is not there any more", false)
        }
    }
}
