import Contracts
import Pages

import struct Foundation.Date
import struct Foundation.URLComponents

struct RequestPage: Sendable {
    struct Conflict: Sendable {
        var conflictHeading: String
        var conflictText: String
    }
    struct Twin: Sendable {
        var twinHref: String
        var twinName: String
        var twinWhy: String
        var twinState: String
    }
    struct Step: Sendable {
        var value: String
        var look: String
        var label: String
        var consequence: String
    }
    struct Told: Sendable {
        var toldTone: String
        var toldWord: String
        /// Ends where the time follows.
        var toldText: String
        var toldWhen: ShownTime
        var toldMore: String
    }
    struct ReviewBox: Sendable {
        var deadlineClass: String
        var deadlineText: String
        var deadlineWhen: ShownTime
        var fallbackText: String
    }

    var conflict: Conflict?
    var problem: String?
    var path: String
    var seen: String
    var name: String
    var state: String
    var tone: String
    var received: String
    var phoneHref: String?
    var mailHref: String?
    var twins: Listed<Twin>?
    /// Set when the partner has withdrawn it, and somebody still has to do something about that.
    var withdrawn: String?
    var facts: [Fact]
    var doubts: Listed<String>?
    var decisionHeading: String
    var decisionLines: [String]
    var decisionSmall: String?
    var story: [StoryEvent]
    var told: Told?
    var review: ReviewBox?
    var mayWrite: Bool
    var draft: String
    var steps: Listed<Step>?
    var canAssign: Bool
    var isNew: Bool
    var assignee: String
    var team: String
    var due: String
    var people: [String]
    var teams: [String]

    init(_ desk: DeskRequest, mayWrite: Bool, people: [String], teams: [String], now: Date) {
        let request = desk.request
        let submission = request.submission
        path = "/desk/requests/\(request.id)"
        seen = DeskRevision(request).description
        name = request.erasedAt == nil ? Shown.short(submission.name, 200) : "Erased request"
        (state, tone) = DeskWords.state(request)
        received =
            "received \(DeskWords.age(request.acceptedAt, now: now)) from \(Shown.short(request.provider.id, 64))"
        if request.erasedAt == nil {
            phoneHref = Self.phoneLink(submission.phone)
            mailHref = Self.mailLink(submission.email)
        }
        if let date = request.withdrawnAt, request.organizationProgress.status.isOpen,
            request.decision?.acceptance != false
        {
            withdrawn =
                "The partner has withdrawn this request, \(DeskWords.time(date)): the help is not needed any more. "
                + (request.decision == nil
                    ? "It is not decided yet; once it is covered, it can be canceled."
                    : "Cancel it, if you think so, too.")
        }
        twins = Listed(
            desk.twins.map { twin in
                Twin(
                    twinHref: "/desk/requests/\(twin.request.id)", twinName: Shown.short(twin.request.submission.name),
                    twinWhy: "\(twin.sharesPhone ? "same phone number" : "same address"), received "
                        + DeskWords.age(twin.request.acceptedAt, now: now),
                    twinState: DeskWords.state(twin.request).word.lowercased())
            })
        facts = Self.facts(request)
        doubts = Listed(DeskWords.doubts(request))
        (decisionHeading, decisionLines, decisionSmall) = Self.decision(request)
        story = DeskStory.events(desk)
        told = desk.job.notification.map { Self.told($0.shown(at: now), desk.job) }
        review = request.openReview.map { review in
            let (tone, text) = DeskWords.deadline(review, now: now)
            return ReviewBox(
                deadlineClass: "tone-\(tone)", deadlineText: text, deadlineWhen: ShownTime(review.deadline),
                fallbackText: "If nobody decides, the answer is \(review.fallback ? "yes" : "no"). "
                    + "As far as the rules go, they say \(review.proposal ? "yes" : "no").")
        }
        self.mayWrite = mayWrite
        draft = ""
        let isCovered = request.decision?.acceptance == true
        let status = request.organizationProgress.status
        // The next one on the way first.
        let order: [OrganizationStatus.Step] =
            status == .scheduled
            ? [.completed, .assigned, .canceled] : [.assigned, .scheduled, .completed, .canceled, .reopened]
        let possible = order.filter { step in
            if case .moved = status.taking(step) { isCovered } else { false }
        }
        steps = Listed(
            possible.map { step in
                let (label, consequence) = DeskWords.step(step)
                return Step(
                    value: step.rawValue,
                    look: step == .canceled ? "danger" : step == possible.first ? "primary" : "", label: label,
                    consequence: consequence)
            })
        canAssign = request.decision?.acceptance != false && status.isOpen
        isNew = isCovered && status == .new
        assignee = Shown.short(request.assignment?.assignee ?? "", 128)
        team = Shown.short(request.assignment?.team ?? "", 128)
        due = request.assignment?.due?.description ?? ""
        self.people = people
        self.teams = teams
    }

    static func phoneLink(_ text: String) -> String? {
        let digits = text.filter { $0.isASCII && $0.isNumber }
        guard (7...15).contains(digits.utf8.count) else { return nil }
        return "tel:\(text.first == "+" ? "+" : "")\(digits)"
    }

    static func mailLink(_ text: String) -> String? {
        guard text.contains("@"), text.utf8.count <= 254 else { return nil }
        var parts = URLComponents()
        parts.scheme = "mailto"
        parts.path = text
        return parts.string
    }

    private static func facts(_ request: StoredRequest) -> [Fact] {
        let submission = request.submission
        var facts: [Fact] = []
        if request.erasedAt == nil {
            let corrected = request.correctedAt.map { "corrected by the partner, \(DeskWords.time($0))" }
            facts.append(
                Fact(
                    label: "Phone", value: submission.phone.isEmpty ? "None given" : DeskWords.phone(submission.phone),
                    href: phoneLink(submission.phone), remark: corrected))
            facts.append(
                Fact(
                    label: "E-mail",
                    value: submission.email.isEmpty ? "None given" : Shown.short(submission.email, 254),
                    href: mailLink(submission.email)))
            facts.append(Fact(label: "Address", value: Shown.short(submission.address.street, 300)))
            for (label, text) in [
                ("Unit", submission.unit), ("Language", submission.language), ("Need", submission.need),
                ("Notes", submission.notes),
            ] {
                if let text = Shown.line(text) { facts.append(Fact(label: label, value: Shown.short(text, 1000))) }
            }
        } else {
            facts.append(Fact(label: "Person", value: "Name, phone, e-mail and address were erased"))
        }
        let address = submission.address
        facts.append(
            Fact(
                label: "City",
                value: Shown.short("\(address.city), \(address.state.uppercased()) \(address.zip)", 200)))
        if let county = Shown.line(request.geocoding?.county) {
            facts.append(Fact(label: "County", value: Shown.short(county)))
        }
        if let geocoding = request.geocoding {
            if let location = geocoding.location {
                var remark = "\(coordinate(location.latitude)), \(coordinate(location.longitude))"
                if let kilometres = location.uncertaintyKilometres {
                    remark = "Right to within about \(DeskWords.distance(kilometres)), nine times out of ten. \(remark)"
                }
                if let credit = Shown.line(location.attribution) { remark += ". \(Shown.short(credit, 200))" }
                facts.append(
                    Fact(label: "On the map", value: DeskWords.precision(location.precision), remark: remark))
            } else {
                facts.append(Fact(label: "On the map", value: "Not found: neither the ZIP nor the city is known"))
            }
        }
        if request.erasedAt == nil, let data = Shown.line(submission.providerData) {
            facts.append(Fact(label: "From the partner", value: Shown.short(data, 500)))
        }
        facts.append(
            Fact(
                label: "Partner's id", value: Shown.short(submission.providerRequestID, 200),
                remark: "from \(Shown.short(request.provider.id, 64))"))
        facts.append(Fact(label: "Our id", value: "\(request.id)"))
        return facts
    }

    private static func coordinate(_ degrees: Double) -> String {
        guard degrees.isFinite, abs(degrees) <= 180 else { return "?" }
        let scaled = Int((abs(degrees) * 10_000).rounded())
        let rest = String(scaled % 10_000)
        return "\(degrees < 0 ? "−" : "")\(scaled / 10_000).\(String(repeating: "0", count: 4 - rest.count))\(rest)"
    }

    private static func decision(_ request: StoredRequest) -> (String, [String], String?) {
        if let review = request.openReview {
            return (
                "Why you are asked", [DeskWords.reason(review.reason), Shown.lines(review.explanation)],
                small(review.rule, review.coverageVersion)
            )
        }
        guard let decision = request.decision else {
            if case .failed = request.job {
                return (
                    "Not decided yet",
                    ["Something went wrong on the way. The operator has to look; nothing is lost."], nil
                )
            }
            return (
                "Not decided yet",
                ["The place is being looked up. This takes seconds, or longer where a map service is away."], nil
            )
        }
        var lines = [decision.explanation.map(Shown.lines) ?? DeskWords.reason(decision.reason)]
        if let needed = Shown.line(decision.needed) { lines.append("What would have helped: \(needed)") }
        if let note = Shown.line(decision.capacityNote) { lines.append("Your note on this area: \(note)") }
        return (
            decision.acceptance ? "Why it is covered" : "Why it is not covered", lines,
            small(decision.rule, decision.coverageVersion)
        )
    }

    private static func small(_ rule: String?, _ version: String) -> String {
        let rule = Shown.line(rule).map { "Rule \(Shown.short($0, 120)), " } ?? ""
        return "\(rule)\(rule.isEmpty ? "Coverage" : "coverage") \(Shown.short(version, 80))"
    }

    private static func told(_ notification: PartnerNotification, _ job: StoredJob) -> Told {
        let news = "“\(DeskStory.news(notification.sequence, job))”"
        func view(_ tone: String, _ word: String, _ text: String, at date: Date, _ more: String = ".") -> Told {
            Told(
                toldTone: tone, toldWord: word, toldText: text, toldWhen: ShownTime(date), toldMore: more)
        }
        let since = notification.since
        switch notification.state {
        case .delivered: return view("good", "Knows the newest", "Told \(news) on", at: since)
        case .pending: return view("off", "Is being told", "\(news) is on its way since", at: since)
        case .retrying:
            guard let next = notification.nextAttemptAt else {
                return view(
                    "wait", "Not told yet", "\(news) could not be delivered, and is tried again by itself, since",
                    at: since)
            }
            return view("wait", "Not told yet", "\(news) could not be delivered. The next try is on", at: next)
        case .held:
            return view(
                "wait", "Not told yet",
                "The partner's system does not answer. \(news) goes out when it does, and waits since",
                at: since)
        case .failed:
            return view("bad", "Could not be told", "\(news) was given up on", at: since, ". The operator has to look.")
        }
    }
}
