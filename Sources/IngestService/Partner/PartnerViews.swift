import AdminAPI
import Contracts
import Foundation
import Pages

/// A request in a partner's list.
struct PartnerItem: Sendable {
    var link: String
    var theirID: String
    var name: String
    var place: String
    var state: String
    var tone: String
    var told: String
    var age: String

    init(_ request: StoredRequest, told: String? = nil, now: Date) {
        link = "/partner/requests/\(request.id)"
        theirID = Shown.short(request.submission.providerRequestID, 128)
        name = request.erasedAt == nil ? Shown.short(request.submission.name) : "Erased"
        place = Shown.short(
            "\(request.submission.address.city), \(request.submission.address.state.uppercased())", 100)
        (state, tone) = PartnerWords.state(request)
        self.told = told ?? ""
        age = DeskWords.age(request.acceptedAt, now: now)
    }
}

enum PartnerWords {
    static func state(_ request: StoredRequest) -> DeskWords.State {
        switch request.job {
        case .failed(let stage, _):
            return (stage == .callback ? "Could not be told" : "Stuck", "bad")
        case .inReview: return ("A person decides", "wait")
        case .inProgress, .completed: break
        }
        guard let decision = request.decision else { return ("Being checked", "off") }
        guard decision.acceptance else { return ("Not covered", "off") }
        let (word, tone) = DeskWords.state(request.organizationProgress.status)
        return (word == "New" ? "Covered" : word, tone)
    }

    /// What happened, as the partner's people would say it.
    static func event(_ entry: TimelineEntry, _ job: StoredJob) -> String {
        let news = DeskStory.news(entry.sequence ?? RequestDecided.sequence, job)
        return switch entry.kind {
        case .accepted: "Accepted"
        case .geocoded: job.request.geocoding?.location == nil ? "Place not found" : "Place found"
        case .reviewRequested: "A person is asked"
        case .reviewed: "A person has decided"
        case .decided: job.request.decision?.acceptance == true ? "Decided: covered" : "Decided: not covered"
        case .attempted: "Your system did not take our callback: \(news)"
        case .delivered: "Your system took our callback: \(news)"
        case .superseded: "An older callback was left out"
        case .resent: "Sent again: \(news)"
        case .statusChanged: "The organization says: \(Shown.short(entry.detail ?? "", 40))"
        case .withdrawn: "You withdrew it"
        case .corrected: "You corrected whom to reach"
        case .dead: "Given up"
        case .replayed: "The operator started it again"
        case .discarded: "The operator dropped it"
        default: Shown.short(entry.kind.rawValue.replacing("-", with: " "), 60)
        }
    }

    /// By which secrets callbacks are signed, and which of them end.
    static func secrets(_ partner: CallbackPartners.Partner) -> String {
        let shown = partner.secrets.prefix(8).map { Shown.short($0, 16) }
        let words =
            switch partner.secrets.count {
            case 0: "Not signed."
            case 1: "Signed with one secret, \(shown[0])."
            default:
                "Signed with \(partner.secrets.count) secrets at once: "
                    + "\(shown.dropLast().joined(separator: ", ")) and \(shown.last ?? "")."
            }
        let ends = partner.ending.prefix(8).map { "\(Shown.short($0.id, 16)) ends \(DeskWords.time($0.until))." }
        return ([words] + ends).joined(separator: " ")
    }

    /// Why the newest news was not taken.
    static func trouble(_ job: StoredJob) -> String {
        guard let notification = job.notification else { return "" }
        let error = notification.error.map { ": \(Shown.short($0.message, 200))" } ?? ""
        return switch notification.state {
        case .pending: "On its way"
        case .retrying, .held: "Not taken yet, tried again by itself\(error)"
        case .failed: "Given up\(error)"
        case .delivered: "Taken"
        }
    }
}

/// `partner-home`
struct PartnerHome: Sendable {
    struct Trouble: Sendable {
        var since: ShownTime
        var error: String
    }

    /// Where and how the partner is told, as far as CallbackService says it.
    struct Endpoint: Sendable {
        var origin: String
        var secrets: String
        var signs: Bool
    }
    struct Pause: Sendable {
        var since: ShownTime
    }

    var trouble: Trouble?
    var pause: Pause?
    var endpoint: Endpoint?
    var untaken: Listed<PartnerItem>?
    var nextHref: String?
    var latest: String

    init(
        _ jobs: [StoredJob], endpoint: DegradedEndpoint?, partner: CallbackPartners.Partner? = nil, now: Date
    ) {
        pause = partner?.pause.map {
            Pause(since: ShownTime($0.since))
        }
        self.endpoint = partner.map { partner in
            Endpoint(
                origin: Shown.short(partner.origin, 120), secrets: PartnerWords.secrets(partner),
                signs: !partner.secrets.isEmpty)
        }
        trouble = endpoint.map {
            Trouble(
                since: ShownTime($0.since),
                error: Shown.short($0.error.message, 300))
        }
        let page = jobs.prefix(30)
        untaken = Listed(page.map { PartnerItem($0.request, told: PartnerWords.trouble($0), now: now) })
        nextHref = jobs.count > 30 ? page.last.map { "/partner?before=\($0.request.id)" } : nil
        latest = String(Timestamp.string(now).prefix(16))
    }
}

/// `partner-secret`
struct PartnerSecret: Sendable {
    /// How long earlier secrets sign beside a new one.
    struct Overlap: Sendable {
        /// In the form.
        var value: String
        var duration: Duration
        var words: String
    }

    static let overlaps = [
        Overlap(value: "day", duration: .seconds(24 * 3600), words: "in a day"),
        Overlap(value: "week", duration: .seconds(7 * 24 * 3600), words: "in a week"),
        Overlap(value: "hour", duration: .seconds(3600), words: "in an hour"),
        Overlap(value: "none", duration: .zero, words: "at once"),
    ]

    var secret: String
    var id: String
    var ends: String
    var isPartial: Bool

    init(_ secret: String, id: String, _ overlap: Overlap, isEverywhere: Bool) {
        self.secret = secret
        self.id = Shown.short(id, 16)
        ends =
            overlap.duration == .zero
            ? "Callbacks are signed with it alone from now on."
            : "Until what signed before ends, \(overlap.words), each callback carries both signatures."
        isPartial = !isEverywhere
    }
}

/// `partner-requests`
struct PartnerList: Sendable {
    var q: String
    var items: Listed<PartnerItem>?
    var nothing: String
    var nextHref: String?

    init(_ text: String, _ found: [StoredRequest], now: Date) {
        q = Shown.short(text, 200)
        let page = found.prefix(30)
        items = Listed(page.map { PartnerItem($0, now: now) })
        nothing = text.isEmpty ? "What you send appears here." : "None of your requests has this id."
        nextHref = found.count > 30 ? page.last.map { "/partner/requests?before=\($0.id)" } : nil
    }
}

/// `partner-request`
struct PartnerRequest: Sendable {
    struct Contact: Sendable {
        var name: String
        var phone: String
        var email: String
    }

    var problem: String?
    var path: String
    var name: String
    var state: String
    var tone: String
    var summary: String?
    var seen: String
    var facts: [Fact]
    var story: [StoryEvent]
    var canResend: Bool
    var canWithdraw: Bool
    var withdrawText: String
    /// Set as long as nobody has begun.
    var contact: Contact?

    init(_ job: StoredJob) {
        let request = job.request
        let submission = request.submission
        path = "/partner/requests/\(request.id)"
        name = Shown.short(submission.providerRequestID, 128)
        (state, tone) = PartnerWords.state(request)
        summary = job.notification.map {
            Shown.short(NotificationView.summary($0, job, of: "your system"), 400)
        }
        seen = DeskRevision(request).description
        facts = Self.facts(request)
        story = job.events.reversed().map { StoryEvent($0, what: PartnerWords.event($0, job)) }
        canResend = request.decision != nil
        let status = request.organizationProgress.status
        canWithdraw = request.withdrawnAt == nil && status.isOpen && request.decision?.acceptance != false
        withdrawText =
            request.decision == nil
            ? "It goes its way, and the organization sees that you have withdrawn it."
            : "It is canceled, the organization sees it, and your system is told: canceled."
        let isBegun =
            request.organizationProgress.changedAt != nil || request.assignment?.hands != nil
            || request.withdrawnAt != nil
        if !isBegun, request.erasedAt == nil {
            contact = Contact(
                name: Shown.short(submission.name, 200), phone: Shown.short(submission.phone, 60),
                email: Shown.short(submission.email, 254))
        }
    }

    private static func facts(_ request: StoredRequest) -> [Fact] {
        let submission = request.submission
        var facts = [
            Fact(label: "Our id", value: "\(request.id)"),
            Fact(label: "Accepted", value: DeskWords.time(request.acceptedAt)),
            Fact(label: "Organization", value: Shown.short(request.provider.organization, 128)),
        ]
        func add(_ label: String, _ value: String?, _ limit: Int = 300) {
            if let value = Shown.line(value) { facts.append(.init(label: label, value: Shown.short(value, limit))) }
        }
        if request.erasedAt == nil {
            add("Name", submission.name)
            add("Phone", submission.phone)
            add("E-mail", submission.email)
            add("Address", [submission.address.street, submission.unit].compactMap(\.self).joined(separator: ", "))
        } else {
            add("Person", "Name, phone, e-mail and address were erased")
        }
        add("City", "\(submission.address.city), \(submission.address.state.uppercased()) \(submission.address.zip)")
        add("Language", submission.language)
        add("Need", submission.need)
        add("Notes", submission.notes, 1000)
        if let decision = request.decision {
            add(
                "Decision",
                (decision.acceptance ? "covered" : "not covered") + " (\(decision.reason.rawValue))"
                    + (decision.explanation.map { ": \($0)" } ?? ""), 600)
        }
        if let date = request.withdrawnAt { add("Withdrawn", DeskWords.time(date)) }
        if let date = request.correctedAt { add("Contact corrected", DeskWords.time(date)) }
        return facts
    }
}

/// `partner-resend`: before it happens, and after.
struct PartnerResend: Sendable {
    struct Form: Sendable {
        var since: String
        var which: String
        var button: String
    }

    var heading: String
    var text: String
    var form: Form?

    init(_ count: Int, since: Date, untakenOnly: Bool) {
        let shown = min(count, RequestStore.mostResent)
        let kind = untakenOnly ? "your system has not taken" : "you were told, or were to be told,"
        guard shown > 0 else {
            heading = "Nothing would be sent"
            text = "There is nothing since \(DeskWords.time(since)) that \(kind)."
            return
        }
        heading = "Send \(shown == 1 ? "one" : DeskCounts.grouped(shown)) again"
        text =
            "The newest callback of \(shown == 1 ? "one request" : "\(DeskCounts.grouped(shown)) requests") "
            + "that \(kind) since \(DeskWords.time(since)) goes out once more, each under a webhook-id of its own."
            + (count > shown ? " There are more: when these are through, do it again from a later time on." : "")
        form = Form(
            since: Timestamp.string(since), which: untakenOnly ? "untaken" : "all",
            button: shown == 1 ? "Send it again" : "Send these \(DeskCounts.grouped(shown)) again")
    }

    init(done: Int, since: Date) {
        heading = "Sent again"
        text =
            "\(done == 1 ? "One callback is" : "\(DeskCounts.grouped(done)) callbacks are") on the way, "
            + "for what has happened since \(DeskWords.time(since))."
    }
}
