import Contracts
import Foundation
import Pages

/// `console-flow`
struct FlowView: Sendable {
    struct Box: Sendable {
        var title: String
        var explanation: String
        var lines: [Line]
    }
    struct Line: Sendable {
        var key: String
        var label: String
        var value: String
        var isBad = false
    }

    var figures: [Line]
    var boxes: [Box]
    var counts: [Row]
    var isSound: Bool
    var acceptedPath: String
    var toldPath: String
    var top: String
    /// What moves on the page, by the names of its places.
    var values: [String: String]

    struct Row: Sendable {
        var provider: String
        var accepted: String
        var told: String
        var pending: String
        var review: String
        var dead: String
    }

    init(_ flow: FlowFigures, _ samples: [FlowHistory.Sample]) {
        let grouped = DeskCounts.grouped
        let accepted = FlowHistory.perMinute(samples, now: flow.at) { $0.accepted }
        let told = FlowHistory.perMinute(samples, now: flow.at) { $0.told }
        let perMinute = { (all: [Double?]) in
            all.last.flatMap { $0 }.map { grouped(Int(clamping: $0.rounded())) } ?? "–"
        }
        figures = [
            Line(key: "accepted", label: "Accepted", value: grouped(flow.accepted)),
            Line(key: "told", label: "Told", value: grouped(flow.told)),
            Line(key: "pending", label: "Under way", value: grouped(flow.pending)),
            Line(key: "review", label: "In review", value: grouped(flow.review)),
            Line(key: "dead", label: "Dead", value: grouped(flow.dead), isBad: flow.dead > 0),
            Line(key: "rate", label: "Accepted per minute", value: perMinute(accepted)),
            Line(key: "toldRate", label: "Told per minute", value: perMinute(told)),
            Line(key: "whole", label: "From accepted to told, p50 / p95", value: Self.pace(flow.whole)),
        ]
        func part(_ stage: Stage) -> [Line] {
            let part = flow.parts[stage] ?? .init()
            let name = stage.rawValue
            var lines = [
                Line(key: "\(name).waiting", label: "waiting", value: grouped(part.waiting)),
                Line(key: "\(name).retrying", label: "for a retry", value: grouped(part.retrying)),
                Line(
                    key: "\(name).oldest", label: "oldest",
                    value: part.oldest.map { DeskWords.span(flow.at.timeIntervalSince($0)) } ?? "–"),
                Line(key: "\(name).dead", label: "dead letters", value: grouped(part.dead), isBad: part.dead > 0),
            ]
            if stage != .progress {
                lines.append(Line(key: "\(name).pace", label: "p50 / p95", value: Self.pace(flow.paces[stage])))
            }
            return lines
        }
        let outbox = [
            Line(key: "outbox.count", label: "in the outbox", value: grouped(flow.outbox.count)),
            Line(
                key: "outbox.oldest", label: "oldest",
                value: flow.outbox.oldest.map { DeskWords.span(flow.at.timeIntervalSince($0)) } ?? "–"),
            Line(key: "reviews.open", label: "reviews open", value: grouped(flow.reviews.open)),
            Line(
                key: "reviews.overdue", label: "overdue", value: grouped(flow.reviews.overdue),
                isBad: flow.reviews.overdue > 0),
            Line(
                key: "progress.dead", label: "projection's dead letters",
                value: grouped(flow.parts[.progress]?.dead ?? 0)),
        ]
        boxes = [
            Box(title: "Intake", explanation: "Accepts, keeps, publishes", lines: outbox),
            Box(title: "Geocode", explanation: "Where is it?", lines: part(.geocode)),
            Box(title: "Decision", explanation: "Is it covered?", lines: part(.decision)),
            Box(title: "Callback", explanation: "Tells the partner", lines: part(.callback)),
        ]
        counts = flow.counts.map { counts in
            Row(
                provider: Shown.short(counts.provider, 64), accepted: grouped(counts.accepted),
                told: grouped(counts.told),
                pending: grouped(counts.pending), review: grouped(counts.review), dead: grouped(counts.dead))
        }
        isSound = flow.counts.allSatisfy { $0.accepted == $0.told + $0.pending + $0.review + $0.dead }
        let most = max(1, (accepted + told).compactMap(\.self).max() ?? 1)
        acceptedPath = Self.path(accepted, most)
        toldPath = Self.path(told, most)
        top = grouped(Int(clamping: most.rounded(.up)))
        let lines = figures + boxes.flatMap(\.lines)
        values = Dictionary(lines.map { ($0.key, $0.value) }) { first, _ in first }
        values["path.accepted"] = acceptedPath
        values["path.told"] = toldPath
        values["top"] = top
    }

    private static func pace(_ pace: FlowFigures.Pace?) -> String {
        pace.map { "\(seconds($0.median)) / \(seconds($0.slow))" } ?? "–"
    }

    static func seconds(_ seconds: Double) -> String {
        if seconds < 1 { return "\(Int(clamping: (seconds * 1000).rounded())) ms" }
        if seconds < 100 { return "\(Double(Int(seconds * 10)) / 10) s" }
        return DeskWords.span(seconds)
    }

    /// A line over an hour, in a picture of 600 by 120.
    private static func path(_ values: [Double?], _ most: Double) -> String {
        var path = ""
        var isDown = false
        for (index, value) in values.enumerated() {
            guard let value else {
                isDown = false
                continue
            }
            let x = Double(index) / Double(max(1, values.count - 1)) * 600
            let y = 120 - value / most * 116
            path += "\(isDown ? "L" : "M")\(Int(x)) \(Double(Int(y * 10)) / 10) "
            isDown = true
        }
        return path.isEmpty ? "M0 120" : path
    }
}

/// `console-failed`
struct FailedView: Sendable {
    struct Group: Sendable {
        var href: String
        var stage: String
        var reason: String
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
        var died: String
        var diedText: String
        var attempts: String
    }

    var groups: Listed<Group>?
    var letters: Listed<Letter>?
    var chosen: String?
    var command: String?
    var nextHref: String?

    init(
        _ all: [DeadLetterGroup], _ filter: DeadLetterFilter, _ found: [StoredDeadLetter], hasMore: Bool, now: Date
    ) {
        func query(_ stage: Stage?, _ reason: String?, _ after: String? = nil) -> String {
            var parts = URLComponents()
            parts.queryItems = [("stage", stage?.rawValue), ("reason", reason), ("after", after)].compactMap {
                name, value in
                value.map { URLQueryItem(name: name, value: $0) }
            }
            return "/console/failed?\((parts.percentEncodedQuery ?? "").replacing("+", with: "%2B"))"
        }
        groups = Listed(
            all.map { group in
                Group(
                    href: query(group.stage, group.reason), stage: group.stage.rawValue,
                    reason: Shown.short(group.reason, 60),
                    count: DeskCounts.grouped(group.count), oldest: DeskWords.age(group.oldest, now: now),
                    isChosen: group.stage == filter.stage && group.reason == filter.reason)
            })
        letters = Listed(
            found.map { letter in
                let death = letter.message.deadLettering
                return Letter(
                    link: "/console/failed/\(letter.message.messageID.canonical)", stage: letter.message.stage.rawValue,
                    reason: Shown.short(death.reason.rawValue, 60), message: Shown.short(death.error.message, 300),
                    code: Shown.short(death.error.code, 60), died: Timestamp.string(death.at),
                    diedText: DeskWords.time(death.at),
                    attempts: letter.message.attempts == 1 ? "1 attempt" : "\(letter.message.attempts) attempts")
            })
        let words = [filter.stage?.rawValue, filter.reason.map { Shown.short($0, 60) }].compactMap(\.self)
        chosen = words.isEmpty ? nil : words.joined(separator: ", ")
        // Only what can stand in a shell as it is.
        let reason = filter.reason.flatMap { reason in
            let isPlain = reason.utf8.allSatisfy {
                (0x30...0x39).contains($0) || (0x61...0x7A).contains($0) || $0 == 0x2D
            }
            return isPlain ? " --reason \(reason)" : nil
        }
        command = filter.stage.map { "intake dead replay --stage \($0.rawValue)\(reason ?? "") --canary" }
        nextHref =
            hasMore
            ? found.last.map { query(filter.stage, filter.reason, DeadLetterCursor($0.message).description) } : nil
    }
}

/// `console-letter`
struct LettersView: Sendable {
    struct Fact: Sendable {
        var label: String
        var value: String
    }
    struct Letter: Sendable {
        var heading: String
        var message: String
        var facts: [Fact]
        var headers: [Fact]
        var body: String
        var done: String?
        var requestHref: String?
        var replay: String
        var discard: String
        var canAct: Bool
    }

    var letters: [Letter]

    init(_ found: [StoredDeadLetter]) {
        letters = found.map { stored in
            var view = DeadLetterView(stored)
            view.show(stored.message, isRaw: false)
            var facts = [
                Fact(label: "Stage", value: view.stage.rawValue),
                Fact(label: "Why", value: Shown.short("\(view.reason), \(view.code)", 120)),
                Fact(label: "Died", value: DeskWords.time(view.diedAt)),
                Fact(label: "Attempts", value: "\(view.attempts)"),
                Fact(label: "Given back before", value: "\(view.replays)"),
                Fact(label: "Message", value: view.messageId),
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
                done: done ?? (view.told ? "The partner was told all the same: there is nothing to replay." : nil),
                requestHref: view.requestId.map { "/console/requests/\($0)" },
                replay: "intake dead replay \(view.messageId)",
                discard: "intake dead discard \(view.messageId) --why \"…\"",
                canAct: view.resolution == nil)
        }
    }
}

/// `console-requests`
struct FindView: Sendable {
    struct Row: Sendable {
        var link: String
        var id: String
        var provider: String
        var organization: String
        var state: String
        var tone: String
        var age: String
    }

    var q: String
    var rows: Listed<Row>?
    var isMissing: Bool

    init(_ text: String, _ found: [StoredRequest], now: Date) {
        q = Shown.short(text, 200)
        isMissing = !text.isEmpty && found.isEmpty
        rows = Listed(
            found.map { request in
                let (word, tone) = JobPage.state(request)
                return Row(
                    link: "/console/requests/\(request.id)", id: "\(request.id)",
                    provider: Shown.short(request.provider.id, 64),
                    organization: Shown.short(request.provider.organization, 60), state: word, tone: tone,
                    age: DeskWords.age(request.acceptedAt, now: now))
            })
    }
}

/// `console-request`: a request as an operator sees it, without anything about a person.
struct JobPage: Sendable {
    typealias Fact = LettersView.Fact
    struct Event: Sendable {
        var mark: String
        var what: String
        var more: String?
        var excerpt: String?
        var when: String
        var whenText: String
    }

    var id: String
    var state: String
    var tone: String
    var facts: [Fact]
    var summary: String?
    var failedHref: String?
    var story: [Event]

    static func state(_ request: StoredRequest) -> (word: String, tone: String) {
        switch request.job {
        case .inProgress(let stage, let retry):
            (retry == nil ? "At \(stage.rawValue)" : "Retrying at \(stage.rawValue)", retry == nil ? "new" : "wait")
        case .inReview: ("In review", "wait")
        case .completed: ("Told", "good")
        case .failed(let stage, _): ("Failed at \(stage.rawValue)", "bad")
        }
    }

    init(_ job: StoredJob, letters: [StoredDeadLetter]) {
        let request = job.request
        id = "\(request.id)"
        (state, tone) = Self.state(request)
        facts = [
            Fact(label: "Partner", value: Shown.short(request.provider.id, 64)),
            Fact(label: "Partner's id", value: Shown.short(request.submission.providerRequestID, 200)),
            Fact(label: "Organization", value: Shown.short(request.provider.organization, 128)),
            Fact(label: "Accepted", value: DeskWords.time(request.acceptedAt)),
            Fact(label: "Status at the organization", value: request.organizationProgress.status.rawValue),
        ]
        if let decision = request.decision {
            let rule = decision.rule.map { ", rule \(Shown.short($0, 120))" } ?? ""
            facts.append(
                Fact(
                    label: "Decision",
                    value: (decision.acceptance ? "covered" : "not covered")
                        + " (\(Shown.short(decision.reason.rawValue, 60))\(rule), "
                        + "coverage \(Shown.short(decision.coverageVersion, 60)))"
                ))
        }
        if let location = request.geocoding?.location {
            facts.append(
                Fact(
                    label: "Place",
                    value: "\(Shown.short(location.precision.rawValue, 40)) by \(Shown.short(location.source, 60))"))
        } else if request.geocoding != nil {
            facts.append(Fact(label: "Place", value: "not found"))
        }
        if request.expiredAt != nil { facts.append(Fact(label: "Job", value: "forgotten, as its time is over")) }
        if request.erasedAt != nil { facts.append(Fact(label: "Personal data", value: "erased")) }
        summary = job.notification.map { Shown.short(NotificationView($0, job).summary, 400) }
        failedHref = letters.isEmpty ? nil : "/console/failed/\(request.id)"
        story = job.events.reversed().map { entry in
            var parts: [String] = []
            if let sequence = entry.sequence { parts.append("thing \(sequence)") }
            if let attempt = entry.attempt { parts.append("attempt \(attempt)") }
            if let status = entry.httpStatus { parts.append("HTTP \(status)") }
            if let duration = entry.durationMilliseconds { parts.append("\(duration) ms") }
            if let detail = entry.detail { parts.append(Shown.short(detail, 300)) }
            if let error = entry.error { parts.append(Shown.short("\(error.code): \(error.message)", 400)) }
            let marks: [TimelineEntry.Kind: String] = [
                .accepted: "new", .delivered: "good", .dead: "bad", .attempted: "wait", .reviewRequested: "wait",
            ]
            return Event(
                mark: marks[entry.kind] ?? "",
                what: Shown.short(entry.kind.rawValue.replacing("-", with: " "), 60)
                    + (entry.stage.map { ", \($0.rawValue)" } ?? ""),
                more: parts.isEmpty ? nil : parts.joined(separator: ", "),
                excerpt: Shown.line(entry.excerpt).map { Shown.short($0, 1000) }, when: Timestamp.string(entry.at),
                whenText: DeskWords.time(entry.at))
        }
    }
}

/// `console-audit`
struct AuditView: Sendable {
    struct Row: Sendable {
        var when: String
        var whenText: String
        var who: String
        var what: String
        var detail: String
        var organization: String
        var requestHref: String?
    }

    var person: String
    var organization: String
    var request: String
    var rows: Listed<Row>?
    var nextHref: String?

    init(_ filter: AuditFilter, _ found: [AuditEntry], hasMore: Bool) {
        person = Shown.short(filter.person ?? "", 200)
        organization = Shown.short(filter.organization ?? "", 200)
        request = filter.request.map { "\($0)" } ?? ""
        rows = Listed(
            found.map { entry in
                Row(
                    when: Timestamp.string(entry.at), whenText: DeskWords.time(entry.at),
                    who: Shown.short(entry.person, 128),
                    what: Shown.short(entry.action.rawValue, 60), detail: Shown.short(entry.detail ?? "", 300),
                    organization: Shown.short(entry.organization ?? "", 128),
                    requestHref: entry.request.map { "/console/requests/\($0)" })
            })
        if hasMore, let last = found.last {
            var parts = URLComponents()
            parts.queryItems = [
                ("person", filter.person), ("organization", filter.organization),
                ("request", filter.request?.description),
                ("before", "\(last.number)"),
            ].compactMap { name, value in value.map { URLQueryItem(name: name, value: $0) } }
            nextHref = "/console/audit?\((parts.percentEncodedQuery ?? "").replacing("+", with: "%2B"))"
        }
    }
}
