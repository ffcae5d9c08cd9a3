import AdminAPI
import Contracts
import DeadLetters
import Foundation
import Pages

/// `console-failed`
struct FailedView: Sendable {
    struct Group: Sendable {
        var href: String
        var stage: String
        var reason: String
        var partner: String
        var count: String
        var oldest: String
        var isChosen: Bool
    }
    struct Letter: Sendable {
        var link: String
        var stage: String
        var reason: String
        var message: String
        var code: String
        var died: ShownTime
        var attempts: String
    }
    /// What a replay of what is chosen says, and what the end of it does.
    struct Replay: Sendable {
        var stageValue: String
        var reasonValue: String
        var partnerValue: String
        var count: String
        var consequence: String
        var command: String?
        /// How many there are, as the form says it.
        var seen: String
        /// Those that one order throws away.
        var discards: String
    }

    var groups: Listed<Group>?
    var letters: Listed<Letter>?
    var chosen: String?
    /// Set when a stage is chosen, and nothing is under way.
    var replay: Replay?
    var run: RunNotice?
    var nextHref: String?

    init(
        _ all: [DeadLetterGroup], _ filter: DeadLetterFilter, _ found: [StoredDeadLetter], hasMore: Bool,
        run: RemedyProgress?, now: Date
    ) {
        func query(_ stage: Stage?, _ reason: String?, _ partner: String?, _ after: String? = nil) -> String {
            var parts = URLComponents()
            parts.queryItems = [
                ("stage", stage?.rawValue), ("reason", reason), ("partner", partner), ("after", after),
            ].compactMap { name, value in value.map { URLQueryItem(name: name, value: $0) } }
            return "/console/failed?\((parts.percentEncodedQuery ?? "").replacing("+", with: "%2B"))"
        }
        groups = Listed(
            all.map { group in
                Group(
                    href: query(group.stage, group.reason, group.provider), stage: group.stage.rawValue,
                    reason: Shown.short(group.reason, 60), partner: group.provider.map { Shown.short($0, 64) } ?? "–",
                    count: DeskCounts.grouped(group.count), oldest: DeskWords.age(group.oldest, now: now),
                    isChosen: group.stage == filter.stage && group.reason == filter.reason
                        && group.provider == filter.provider)
            })
        letters = Listed(
            found.map { letter in
                let death = letter.message.deadLettering
                return Letter(
                    link: "/console/failed/\(letter.message.messageID.canonical)", stage: letter.message.stage.rawValue,
                    reason: Shown.short(death.reason.rawValue, 60), message: Shown.short(death.error.message, 300),
                    code: Shown.short(death.error.code, 60), died: ShownTime(death.at),
                    attempts: letter.message.attempts == 1 ? "1 attempt" : "\(letter.message.attempts) attempts")
            })
        let words = [filter.stage?.rawValue, filter.reason, filter.provider].compactMap(\.self)
        chosen = words.isEmpty ? nil : words.map { Shown.short($0, 60) }.joined(separator: ", ")
        let count = all.reduce(0) { sum, group in
            let isMeant =
                group.stage == filter.stage && group.reason == filter.reason ?? group.reason
                && (filter.provider == nil || group.provider == filter.provider)
            return isMeant ? sum + group.count : sum
        }
        self.run = RunNotice(run)
        if let stage = filter.stage, count > 0, run?.state != .underWay {
            replay = Replay(
                stageValue: stage.rawValue, reasonValue: filter.reason ?? "", partnerValue: filter.provider ?? "",
                count: count == 1 ? "one letter" : "these \(DeskCounts.grouped(count)) letters",
                consequence: Self.consequence(stage, isOne: count == 1), command: Self.command(filter),
                seen: "\(count)",
                discards: count == 1
                    ? "this letter"
                    : count > ConsoleRoom.mostChosen
                        ? "the first \(DeskCounts.grouped(ConsoleRoom.mostChosen)) letters"
                        : "these \(DeskCounts.grouped(count)) letters")
        }
        nextHref =
            hasMore
            ? found.last.map {
                query(filter.stage, filter.reason, filter.provider, DeadLetterCursor($0.message).description)
            } : nil
    }

    static func consequence(_ stage: Stage, isOne: Bool) -> String {
        switch stage {
        case .geocode, .decision: "\(isOne ? "It" : "Each") goes on from where it failed, and its partner is told."
        case .callback: isOne ? "Its partner is called again." : "Each partner is called again."
        case .progress: isOne ? "The job is brought up to date." : "The jobs are brought up to date."
        }
    }

    /// The same in a shell; `nil` for what cannot stand there as it is.
    private static func command(_ filter: DeadLetterFilter) -> String? {
        guard let stage = filter.stage, filter.provider == nil else { return nil }
        let isPlain = (filter.reason ?? "").utf8.allSatisfy {
            (0x30...0x39).contains($0) || (0x61...0x7A).contains($0) || $0 == 0x2D
        }
        guard isPlain else { return nil }
        let reason = filter.reason.map { " --reason \($0)" } ?? ""
        return "intake dead replay --stage \(stage.rawValue)\(reason) --canary"
    }
}

/// That something is under way, on the pages that lead there.
struct RunNotice: Sendable {
    var runText: String

    init?(_ run: RemedyProgress?) {
        guard let run, run.state == .underWay else { return nil }
        runText = "\(RunView(run).heading), by \(Shown.short(run.order.by.name, 60))"
    }
}

/// `console-run`: a replay or discard, as it goes on.
struct RunView: Sendable {
    var heading: String
    var what: String
    var why: String?
    var figures: [Figure]
    var state: String
    /// The colour that goes with the state.
    var tone: String
    var outcome: String
    var byWhom: String
    var begun: ShownTime
    /// What moves on the page, by the names of its places.
    var values: [String: String]

    init(_ run: RemedyProgress) {
        let (tally, order) = (run.tally, run.order)
        let verb: String
        switch order.remedy {
        case .replay:
            verb = "Replay"
            what = Shown.short(order.isCanary ? "\(order.what), one first" : order.what, 300)
        case .discard(let why):
            verb = "Discard"
            what = Shown.short(order.what, 300)
            self.why = Shown.lines(why)
        }
        heading = verb
        byWhom = Shown.short(order.by.name, 60)
        begun = ShownTime(order.at)
        let settled = tally.replayed + tally.discarded + tally.told + tally.leftovers
        figures = [
            Figure(key: "run.total", label: "In the dead queue", value: DeskCounts.grouped(tally.total)),
            Figure(key: "run.seen", label: "Looked at", value: DeskCounts.grouped(tally.seen)),
            Figure(key: "run.replayed", label: "Replayed", value: DeskCounts.grouped(tally.replayed)),
            Figure(key: "run.discarded", label: "Discarded", value: DeskCounts.grouped(tally.discarded + tally.told)),
            Figure(
                key: "run.left", label: "Left where they were",
                value: DeskCounts.grouped(max(0, tally.seen - settled))),
        ]
        switch run.state {
        case .underWay:
            (state, tone) = ("Under way", "wait")
            outcome =
                order.isCanary && tally.replayed > 0
                ? "The next ones go when those that went have moved on." : "Nothing is lost, whatever stops it."
        case .ended(let missing):
            (state, tone) = ("Ended", "good")
            outcome = "\(tally.summary)."
            if missing > 0 {
                outcome += missing == 1 ? " One was in no dead queue." : " \(missing) were in no dead queue."
            }
        case .stopped(let reason):
            (state, tone) = ("Stopped", "bad")
            outcome = "\(tally.summary). \(Shown.short(reason.prefix(1).uppercased() + reason.dropFirst(), 500))"
        }
        values = Dictionary(figures.map { ($0.key, $0.value) }) { first, _ in first }
        values["run.state"] = state
        values["run.outcome"] = outcome
    }
}

/// `console-letter`
struct LettersView: Sendable {
    struct Letter: Sendable {
        var heading: String
        var message: String
        var facts: [Fact]
        var headers: [Fact]
        var body: String
        var done: String?
        var requestHref: String?
        var stageValue: String
        /// Set as long as it waits for an operator, and nothing else is under way.
        var action: Action?
    }

    struct Action: Sendable {
        var replayPath: String
        var discardPath: String
        var whyID: String
        var consequence: String
        /// Whether its request was told all the same: then a replay only takes it away.
        var isTold: Bool
        var command: String
    }

    var letters: [Letter]
    var run: RunNotice?

    init(_ found: [StoredDeadLetter], run: RemedyProgress?) {
        self.run = RunNotice(run)
        let isFree = self.run == nil
        letters = found.map { stored in
            var view = DeadLetterEntry(stored)
            view.show(stored.message, isRaw: false)
            var facts = [
                Fact(label: "Stage", value: view.stage.rawValue),
                Fact(label: "Why", value: Shown.short("\(view.reason), \(view.code)", 120)),
                Fact(label: "Died", value: DeskWords.time(view.diedAt)),
                Fact(label: "Attempts", value: "\(view.attempts)"),
                Fact(label: "Given back before", value: "\(view.replays ?? 0)"),
                Fact(label: "Message", value: "\(view.messageId)"),
            ]
            if let first = view.firstFailedAt {
                facts.append(Fact(label: "Failed first", value: DeskWords.time(first)))
            }
            if let request = view.requestId { facts.append(Fact(label: "Request", value: "\(request)")) }
            if let host = view.host {
                facts.append(Fact(label: "Where", value: Shown.short("\(host), version \(view.version ?? "?")", 120)))
            }
            let done = view.resolution.map { resolution in
                (resolution.kind == "replayed" ? "Replayed" : "Discarded")
                    + " by \(Shown.short(resolution.by, 128)) on \(DeskWords.time(resolution.at))"
                    + (resolution.why.map { ": \(Shown.short($0, 300))" } ?? "") + "."
            }
            return Letter(
                heading: "\(view.stage.rawValue): \(Shown.short(view.reason, 60))",
                message: Shown.short(view.message, 1000), facts: facts,
                headers: (view.headers ?? [:]).sorted { $0.key < $1.key }.map {
                    Fact(label: Shown.short($0.key, 120), value: Shown.short($0.value, 300))
                },
                body: view.body.map(Shown.lines) ?? "\(view.bodyBytes ?? 0) bytes that are no JSON, or not kept whole",
                done: done
                    ?? (view.told ? "The partner was told all the same: a replay only takes this letter away." : nil),
                requestHref: view.requestId.map { "/console/requests/\($0)" },
                stageValue: view.stage.rawValue,
                action: view.resolution == nil && isFree
                    ? Action(
                        replayPath: "/console/failed/\(view.messageId)/replay",
                        discardPath: "/console/failed/\(view.messageId)/discard", whyID: "why-\(view.stage.rawValue)",
                        consequence: FailedView.consequence(view.stage, isOne: true),
                        isTold: view.told && view.stage != .progress,
                        command: "intake dead replay \(view.messageId)")
                    : nil)
        }
    }
}
