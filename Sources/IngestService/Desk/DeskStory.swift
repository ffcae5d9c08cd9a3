import Contracts
import Pages

import struct Foundation.Date

/// All that happened to a request, in the words of the desk.
enum DeskStory {

    /// The newest first.
    static func events(_ desk: DeskRequest) -> [StoryEvent] {
        let job = desk.job
        let isReviewed = job.timeline.contains { $0.kind == .reviewed }
        let told = job.events.compactMap { entry in event(entry, job, isReviewed: isReviewed).map { (entry.at, $0) } }
        let own = desk.entries.map { ($0.at, event($0)) }
        return (told + own).enumerated()
            .sorted { ($0.element.0, $0.offset) > ($1.element.0, $1.offset) }
            .map(\.element.1)
    }

    /// What the partner is told by one of the things that it is told.
    static func news(_ sequence: Int, _ job: StoredJob) -> String {
        if sequence == RequestDecided.sequence {
            return switch job.request.decision?.acceptance {
            case true?: "covered"
            case false?: "not covered"
            case nil: "the answer"
            }
        }
        let step = job.timeline.last { $0.kind == .statusChanged && $0.sequence == sequence }
        if let step, let detail = step.detail { return Shown.short(detail, 40) }
        return sequence == job.request.organizationProgress.sequence
            ? job.request.organizationProgress.status.rawValue : "a step"
    }

    private static func event(_ entry: DeskEntry) -> StoryEvent {
        switch entry.kind {
        case .noted:
            make(entry.at, "", "Note", by: entry.person, said: entry.note ?? "(erased)")
        case .assigned:
            make(
                entry.at, "hand", "Put into the hands of \(Shown.short(entry.detail ?? "nobody", 300))",
                by: entry.person)
        }
    }

    private static func event(_ entry: TimelineEntry, _ job: StoredJob, isReviewed: Bool) -> StoryEvent? {
        let sequence = entry.sequence ?? RequestDecided.sequence
        switch entry.kind {
        case .accepted:
            return make(entry.at, "new", "Received from \(Shown.short(job.request.provider.id, 64))")
        case .geocoded:
            let location = job.request.geocoding?.location
            return make(
                entry.at, "", location == nil ? "Place not found" : "Place found",
                more: location.map { "\(DeskWords.precision($0.precision))." })
        case .reviewRequested:
            return make(
                entry.at, "wait", "Your decision was asked for",
                more: job.request.review.map { DeskWords.reason($0.reason) })
        case .reviewed:
            let isYes = entry.detail?.hasPrefix("accepted") == true
            let isPerson = entry.person != nil || entry.detail?.hasSuffix("the deadline") == false
            return make(
                entry.at, isYes ? "good" : "", isYes ? "Decided: covered" : "Decided: not covered",
                by: isPerson ? entry.person ?? "one of you or the operator" : nil,
                more: isPerson ? nil : "Nobody had decided by the deadline.", said: entry.note)
        case .decided:
            if isReviewed { return nil }
            let isYes = job.request.decision?.acceptance == true
            return make(
                entry.at, isYes ? "good" : "", isYes ? "Covered" : "Not covered",
                more: job.request.decision.map { DeskWords.reason($0.reason) })
        case .delivered:
            return make(entry.at, "good", "The partner was told: \(news(sequence, job))")
        case .attempted:
            let why =
                entry.httpStatus.map { "Their system answered with error \($0)." }
                ?? "Their system could not be reached."
            return make(entry.at, "wait", "The partner could not be told: \(news(sequence, job))", more: why)
        case .superseded:
            return make(
                entry.at, "", "Something older was not told any more", more: "Something newer had overtaken it.")
        case .resent:
            return make(entry.at, "", "The partner is told once more: \(news(sequence, job))")
        case .statusChanged:
            let status = entry.detail.flatMap(OrganizationStatus.init)
            let (word, tone) = status.map(DeskWords.state) ?? ("a step", "off")
            return make(
                entry.at, tone, status == .new ? "Reopened" : "Marked as \(word.lowercased())",
                by: entry.person, said: entry.note)
        case .withdrawn:
            return make(entry.at, "wait", "The partner withdrew it", said: entry.note)
        case .corrected:
            return make(
                entry.at, "", "The partner corrected whom to reach",
                more: Shown.line(entry.detail).map { Shown.short($0, 100) })
        case .dead:
            return make(entry.at, "bad", "Given up", more: "The operator has to look; nothing is lost.")
        case .replayed: return make(entry.at, "", "The operator started it again")
        case .discarded:
            return make(
                entry.at, "", "The operator dropped it", more: Shown.line(entry.detail).map { Shown.short($0, 300) })
        default: return nil
        }
    }

    private static func make(
        _ at: Date, _ mark: String, _ what: String, by: String? = nil, more: String? = nil, said: String? = nil
    ) -> StoryEvent {
        StoryEvent(
            mark: mark, what: what, byWhom: Shown.line(by).map { Shown.short($0, 128) }, more: more,
            said: said.map(Shown.lines), when: ShownTime(at))
    }
}
