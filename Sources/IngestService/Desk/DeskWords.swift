import Contracts
import Pages

import struct Foundation.Date

/// What states, places and events are called at the desk: words of people who coordinate help, not of programs.
enum DeskWords {
    typealias State = (word: String, tone: String)

    static func state(_ request: StoredRequest) -> State {
        if request.openReview != nil { return ("Your decision", "wait") }
        guard let decision = request.decision else {
            if case .failed = request.job { return ("Stuck", "bad") }
            return ("Being checked", "off")
        }
        guard decision.acceptance else { return ("Not covered", "off") }
        return state(request.organizationProgress.status)
    }

    static func state(_ status: OrganizationStatus) -> State {
        switch status {
        case .new: ("New", "new")
        case .assigned: ("Assigned", "hand")
        case .scheduled: ("Scheduled", "hand")
        case .completed: ("Completed", "good")
        case .canceled: ("Canceled", "off")
        }
    }

    /// What the button for a step says, and what happens then.
    static func step(_ step: OrganizationStatus.Step) -> (label: String, consequence: String) {
        let told = "The partner is told: \(step.target.rawValue)."
        return switch step {
        case .assigned: ("Mark as assigned", "Somebody takes care of it. \(told)")
        case .scheduled: ("Mark as scheduled", "There is an appointment. \(told)")
        case .completed: ("Mark as completed", "The help was given. \(told)")
        case .canceled: ("Cancel it", "The help will not be given. \(told)")
        case .reopened: ("Reopen it", "It becomes new again. \(told)")
        }
    }

    // MARK: Places

    static func precision(_ precision: GeocodedLocation.Precision) -> String {
        switch precision {
        case .rooftop: "The building itself"
        case .interpolated: "On the street, about where the house number should be"
        case .street: "Somewhere on this street"
        case .zip: "The middle of the ZIP area, not the address"
        case .city: "The middle of the city, not the address"
        default: "A rough area only"
        }
    }

    /// `within about 6 miles (9 km)`
    static func distance(_ kilometres: Double) -> String {
        let miles = kilometres / 1.609344
        return "\(rounded(miles)) mile\(rounded(miles) == "1" ? "" : "s") (\(rounded(kilometres)) km)"
    }

    private static func rounded(_ number: Double) -> String {
        guard number.isFinite, number >= 0, number < 100_000 else { return "many" }
        if number < 1 { return number < 0.1 ? "0.1" : "0.\(Int(number * 10))" }
        return "\(Int(clamping: number.rounded()))"
    }

    /// What does not fit together about a place.
    static func doubts(_ request: StoredRequest) -> [String] {
        guard let geocoding = request.geocoding else { return [] }
        var lines: [String] = []
        let state = Shown.short(request.submission.address.state, 20)
        if let conflict = geocoding.conflict {
            if let other = conflict.zipState {
                lines.append("The ZIP lies in \(Shown.short(other, 20)), not in \(state).")
            }
            if let kilometres = conflict.distanceKilometres {
                lines.append("The ZIP and the city of that name are about \(distance(kilometres)) apart.")
            }
            if lines.isEmpty { lines.append("The ZIP and the city do not belong together.") }
        }
        for dispute in geocoding.disputes {
            let who = "The map service \(Shown.short(dispute.source, 40))"
            let away = dispute.distanceKilometres.map { " (\(distance($0)) away)" } ?? ""
            switch dispute.reason {
            case .otherState: lines.append("\(who) named a place in another state\(away): not believed.")
            case .tooFar: lines.append("\(who) named a place too far from the ZIP\(away): not believed.")
            default: lines.append("\(who) named no real place: not believed.")
            }
        }
        if geocoding.counties.count > 1 {
            let shares = geocoding.counties.prefix(6).map { county in
                "\(Shown.short(county.name, 60)) (\(Int((min(max(county.share, 0), 1) * 100).rounded())) %)"
            }
            lines.append("The ZIP crosses a county line. It may lie in \(shares.joined(separator: " or ")).")
        }
        for name in geocoding.unavailable {
            lines.append("The map service \(Shown.short(name, 40)) was away: the place is known less exactly for it.")
        }
        return lines
    }

    // MARK: Decisions

    static func reason(_ reason: DecisionReason) -> String {
        switch reason {
        case .zipCovered: "The ZIP is one that you cover."
        case .zipPrefixCovered: "The ZIP's first digits are an area that you cover."
        case .countyCovered: "The county is one that you cover."
        case .stateCovered: "The state is one that you cover."
        case .regionCovered: "The partner's region is one that you cover."
        case .withinPolygon: "The place lies in an area that you cover."
        case .withinRadius: "The place lies near enough to a point that you cover from."
        case .excluded: "The place is taken out of what you cover."
        case .notCovered: "Nothing that you cover has this place in it."
        case .noCoverageDefined: "Nobody has said yet what your organization covers on that day."
        case .locationUnknown: "The place is not known well enough."
        case .reviewAccepted: "One of you looked at it and said yes."
        case .reviewDeclined: "One of you looked at it and said no."
        case .reviewOverdue: "Nobody had decided by the deadline."
        default: "For a reason that this version has no words for."
        }
    }

    static func reason(_ reason: ReviewReason) -> String {
        switch reason {
        case .placeConflict: "ZIP and city do not belong together, so that nobody can be sure where it is."
        case .locationTooCoarse: "The place is known too roughly to say whether it is inside of what you cover."
        default: "The rules alone cannot decide it."
        }
    }

    /// `(713) 555-0123`, where it is a number of North America; any other one as it came.
    static func phone(_ text: String) -> String {
        let digits = Array(text.utf8)
        guard digits.count == 12, text.hasPrefix("+1"), digits.dropFirst().allSatisfy({ (0x30...0x39).contains($0) })
        else { return Shown.short(text, 60) }
        return "(\(text.dropFirst(2).prefix(3))) \(text.dropFirst(5).prefix(3))-\(text.suffix(4))"
    }

    // MARK: Times

    /// `12 min ago`
    static func age(_ date: Date, now: Date) -> String { "\(span(now.timeIntervalSince(date))) ago" }

    /// `12 min`, `3 h`, `2 days`
    static func span(_ seconds: Double) -> String {
        let minutes = Int(min(max(0, seconds), 1e9) / 60)
        switch minutes {
        case ..<1: return "under a minute"
        case ..<60: return "\(minutes) min"
        case ..<2880: return "\(minutes / 60) h"
        default: return "\(minutes / 1440) days"
        }
    }

    /// `Nov 29, 14:02 UTC`: what stands there until the browser puts its own zone in place.
    static func time(_ date: Date) -> String {
        let text = Timestamp.string(date)
        let day = Day(date)
        return "\(day.words(today: day)), \(text.dropFirst(11).prefix(5)) UTC"
    }

    /// How urgent a decision is.
    static func deadline(_ review: Recorded<ReviewQuestion>, now: Date) -> (tone: String, text: String) {
        let left = review.deadline.timeIntervalSince(now)
        if left <= 0 { return ("bad", "Deadline passed") }
        return (left < 4 * 3600 ? "bad" : "wait", "Decide within \(span(left))")
    }

    /// How urgent what is in somebody's hands is.
    static func due(_ day: Day, today: Day) -> (tone: String, text: String) {
        if day < today { return ("bad", "Overdue since \(day.words(today: today))") }
        if day == today { return ("wait", "Due today") }
        return ("off", "Due \(day.words(today: today))")
    }
}

/// A time as a page has it: for machines, and in words.
struct ShownTime: Sendable {
    var stamp: String
    var text: String

    init(_ date: Date) { (stamp, text) = (Timestamp.string(date), DeskWords.time(date)) }
}

/// Something that is known, as a page lists it.
struct Fact: Sendable {
    var label: String
    var value: String
    var href: String?
    var remark: String?
}

/// A number on a page. What moves while the page is open has a key.
struct Figure: Sendable {
    var key = ""
    var label: String
    var value: String
    var isBad = false
}

/// Something that happened to a request, as a page tells it.
struct StoryEvent: Sendable {
    var mark: String
    var what: String
    var byWhom: String?
    var more: String?
    var said: String?
    var excerpt: String?
    var when: ShownTime
}
