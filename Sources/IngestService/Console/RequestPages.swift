import AdminAPI
import Contracts
import Foundation
import Pages

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
    var id: String
    var state: String
    var tone: String
    var facts: [Fact]
    var summary: String?
    var failedHref: String?
    var story: [StoryEvent]

    static func state(_ request: StoredRequest) -> (word: String, tone: String) {
        switch request.job {
        case .inProgress(let stage, let retry):
            (retry == nil ? "At \(stage.rawValue)" : "Retrying at \(stage.rawValue)", retry == nil ? "new" : "wait")
        case .inReview: ("In review", "wait")
        case .completed: told(request)
        case .failed(let stage, _): ("Failed at \(stage.rawValue)", "bad")
        }
    }

    /// The answer is told; the organization's newest step may not be.
    private static func told(_ request: StoredRequest) -> (word: String, tone: String) {
        let newest = request.organizationProgress.sequence
        let told = max(request.receipt?.sequence ?? 0, request.lastNotified?.sequence ?? 0)
        if told >= newest { return ("Told", "good") }
        let isGivenUp = request.dead(.callback, sequence: newest) != nil
        return isGivenUp ? ("Step given up", "bad") : ("Step not told yet", "wait")
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
            StoryEvent(
                entry,
                what: Shown.short(entry.kind.rawValue.replacing("-", with: " "), 60)
                    + (entry.stage.map { ", \($0.rawValue)" } ?? ""))
        }
    }
}

extension StoryEvent {
    /// - Parameter what: what happened, in the words of whoever looks.
    init(_ entry: TimelineEntry, what: String) {
        var parts: [String] = []
        if let sequence = entry.sequence { parts.append("callback \(sequence)") }
        if let attempt = entry.attempt { parts.append("attempt \(attempt)") }
        if let status = entry.httpStatus { parts.append("HTTP \(status)") }
        if let duration = entry.durationMilliseconds { parts.append("\(duration) ms") }
        if let detail = entry.detail { parts.append(Shown.short(detail, 300)) }
        if let error = entry.error { parts.append(Shown.short("\(error.code): \(error.message)", 400)) }
        let marks: [TimelineEntry.Kind: String] = [
            .accepted: "new", .delivered: "good", .dead: "bad", .attempted: "wait", .reviewRequested: "wait",
        ]
        self.init(
            mark: marks[entry.kind] ?? "", what: what, more: parts.isEmpty ? nil : parts.joined(separator: ", "),
            excerpt: Shown.line(entry.excerpt).map { Shown.short($0, 1000) }, when: ShownTime(entry.at))
    }
}
