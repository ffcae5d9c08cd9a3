import Contracts
import Foundation
import HTTPListener
import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import Pages

/// Lists of requests: on the screen, on paper, and as a file.
extension DeskRoom {
    @Sendable func list(
        _ request: Request, _ context: BasicRequestContext, _ visitor: Visitor
    ) async throws -> Response {
        let now = now()
        let search = DeskSearchForm(request, visitor)
        let query = search.query(today: Day(now))
        let page = try await store.deskPage(query)
        let counts = try await store.deskCounts(of: visitor.organization, today: query.today)
        let teams = try await store.teams(of: visitor.organization)
        let people = try await store.staffNames(of: visitor.organization)
        let items = page.requests.map { DeskItem($0, now: now) }
        var view = ListView(
            summary: counts.overdue > 0 ? "\(DeskCounts.text(counts.overdue) ?? "") overdue." : nil,
            csv: search.path("/desk/requests.csv"), print: search.path("/desk/print"),
            here: search.path("/desk/requests", after: query.after?.description),
            tabs: Self.tabs(search, counts), filter: search.filter(people: people, teams: teams),
            mayWrite: visitor.member.mayWrite, items: Listed(items),
            nothing: search.isNarrowed
                ? "No request fits. Look for less, or clear the filters."
                : "Requests appear here as partners send them.",
            range: Self.range(items.count, page),
            nextHref: page.next.map { search.path("/desk/requests", after: $0.description) },
            nextText: page.lookedTo == nil ? "Next page" : "Look further",
            steps: OrganizationStatus.Step.allCases.map { Choice(value: $0.rawValue, label: DeskWords.step($0).label) },
            people: people.map { Shown.short($0, 128) }, teams: teams.map { Shown.short($0, 128) })
        view.map = search.path("/desk/map")
        return html("desk-list", frame("Requests", visitor, .list, counts: counts), view)
    }

    private static func range(_ count: Int, _ page: DeskPage) -> String {
        switch page.lookedTo {
        case .accepted(let date): return "\(count) found so far, among what came until \(DeskWords.time(date))"
        case .due(let day): return "\(count) found so far, among what is due until \(day)"
        case nil: break
        }
        return page.next == nil ? (count == 0 ? "" : "\(count) on this page, the last one") : "\(count) on this page"
    }

    static func tabs(
        _ search: DeskSearchForm, _ counts: DeskCounts, at base: String = "/desk/requests"
    ) -> [ListView.Tab] {
        let tabs: [(DeskQuery.State, String, Int?)] = [
            (.all, "All", nil), (.review, "Your decision", counts.review), (.new, "New", counts.byStatus[.new]),
            (.assigned, "Assigned", counts.byStatus[.assigned]), (.scheduled, "Scheduled", counts.byStatus[.scheduled]),
            (.completed, "Completed", counts.byStatus[.completed]), (.canceled, "Canceled", counts.byStatus[.canceled]),
            (.declined, "Not covered", counts.declined), (.checking, "Being checked", nil),
        ]
        return tabs.map { state, text, count in
            ListView.Tab(
                href: search.path(base, state: state), text: text, count: count.flatMap(DeskCounts.text),
                isCurrent: search.state == state)
        }
    }

    // MARK: On paper

    /// How many requests one print has at most.
    private static let mostPrinted = 500

    @Sendable func printed(
        _ request: Request, _ context: BasicRequestContext, _ visitor: Visitor
    ) async throws -> Response {
        let now = now()
        let search = DeskSearchForm(request, visitor)
        var query = search.query(today: Day(now))
        query.limit = Self.mostPrinted
        let page = try await store.deskPage(query)
        let counts = try await store.deskCounts(of: visitor.organization, today: query.today)
        struct View: Sendable {
            var heading: String
            var summary: String
            var back: String
            var items: [DeskItem]
        }
        let more = page.next == nil ? "" : " There are more; only the first \(Self.mostPrinted) are here."
        let view = View(
            heading: "Requests of \(Shown.short(visitor.organization, 60))",
            summary: "\(page.requests.count) requests, \(DeskWords.time(now)).\(more)",
            back: search.path("/desk/requests"), items: page.requests.map { DeskItem($0, now: now) })
        return html("desk-print", frame("Print", visitor, .list, counts: counts), view)
    }

    // MARK: As a file

    /// All of a list, however long it is: read and sent page by page.
    @Sendable func export(
        _ request: Request, _ context: BasicRequestContext, _ visitor: Visitor
    ) async throws -> Response {
        let now = Timestamp.truncate(now())
        var query = DeskSearchForm(request, visitor).query(today: Day(now))
        query.limit = 200
        query.after = nil
        try await store.note(
            AuditEntry(
                at: now, person: visitor.member.email, organization: visitor.organization, action: .exported,
                detail: "state \(query.state.rawValue)"))
        let (store, first, logger) = (store, query, context.logger)
        return Response(
            status: .ok,
            headers: [
                .contentType: "text/csv; charset=utf-8; header=present", .cacheControl: "no-store",
                .contentDisposition: "attachment; filename=\"requests-\(Day(now)).csv\"",
                .xContentTypeOptions: "nosniff",
            ],
            body: ResponseBody { writer in
                try await writer.write(ByteBuffer(bytes: RequestTable.header))
                var query = first
                while true {
                    let page: DeskPage
                    do { page = try await store.deskPage(query) } catch {
                        logger.error("An export could not be finished.", metadata: ["error": "\(error)"])
                        // Ends the connection: a file that is cut short must not look whole.
                        throw error
                    }
                    try await writer.write(ByteBuffer(bytes: RequestTable.rows(page.requests, forStaff: true)))
                    guard let next = page.next else { break }
                    query.after = next
                }
                try await writer.finish(nil)
            })
    }
}

/// What the fields of the list's form say, and the addresses that say the same.
struct DeskSearchForm: Sendable {
    private let values: [String: String]
    private let visitor: SignInRoom.Visitor
    private static let names = ["q", "state", "place", "city", "zip", "holder", "due", "from", "to", "sort"]

    init(_ request: Request, _ visitor: SignInRoom.Visitor) {
        self.visitor = visitor
        var values: [String: String] = [:]
        for name in Self.names + ["after"] {
            guard let value = request.uri.queryParameters.get(name), !value.isBlank, value.utf8.count <= 1000 else {
                continue
            }
            values[name] = value
        }
        self.values = values
    }

    private func value(_ name: String) -> String { values[name] ?? "" }

    var state: DeskQuery.State { DeskQuery.State(rawValue: value("state")) ?? .all }
    var isNarrowed: Bool { values.keys.contains { $0 != "sort" && $0 != "after" } }

    /// What cannot be understood is as if it were not there.
    func query(today: Day) -> DeskQuery {
        var query = DeskQuery(organization: visitor.organization, today: today)
        query.state = state
        query.text = SearchText(value("q"))
        let place = value("place").uppercased()
        query.place = USState.isCode(place) ? place : nil
        query.city = values["city"].map { String($0.prefix(100)) }
        let zip = value("zip")
        query.zip =
            (1...10).contains(zip.utf8.count) && zip.utf8.allSatisfy { (0x30...0x39).contains($0) || $0 == 0x2D }
            ? zip : nil
        query.holder = holder
        query.due = DeskQuery.Due(rawValue: value("due")) ?? .any
        query.from = Day(value("from"))
        query.to = Day(value("to"))
        query.sort = DeskQuery.Sort(rawValue: value("sort")) ?? .newest
        query.after = DeskQuery.Cursor(value("after"))
        return query
    }

    private var holder: DeskQuery.Holder {
        let text = value("holder")
        switch text.prefix(2) {
        case "p:": return .person(String(text.dropFirst(2)))
        case "t:": return .team(String(text.dropFirst(2)))
        default: return text == "nobody" ? .nobody : text == "me" ? .person(visitor.member.name) : .anybody
        }
    }

    /// The fields that say something.
    var fields: [(String, String)] { Self.names.compactMap { name in values[name].map { (name, $0) } } }

    /// The address of another view of the same.
    /// - Parameters:
    ///   - at: a part of the map.
    ///   - changes: fields that are to say something else.
    func path(
        _ base: String, state: DeskQuery.State? = nil, after: String? = nil, at window: String? = nil,
        with changes: [(String, String)] = []
    ) -> String {
        var pairs = fields.filter { name, _ in
            !(name == "state" && state != nil) && !changes.contains { $0.0 == name }
        }
        pairs += changes
        if let state, state != .all { pairs.append(("state", state.rawValue)) }
        if let after { pairs.append(("after", after)) }
        if let window { pairs.append(("at", window)) }
        guard !pairs.isEmpty else { return base }
        return "\(base)?\(pairs.map { "\($0)=\(Self.encoded($1))" }.joined(separator: "&"))"
    }

    private static func encoded(_ text: String) -> String {
        text.utf8.reduce(into: "") { result, byte in
            let isPlain = (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
            if isPlain || "-._~".utf8.contains(byte) {
                result.unicodeScalars.append(Unicode.Scalar(byte))
            } else {
                let digits = String(byte, radix: 16, uppercase: true)
                result += "%" + (digits.utf8.count == 1 ? "0" : "") + digits
            }
        }
    }

    // MARK: The form

    /// The codes of all states and territories.
    private static let states: [String] = {
        let letters = (UInt8(ascii: "A")...UInt8(ascii: "Z")).map { String(Unicode.Scalar($0)) }
        return letters.flatMap { first in letters.map { first + $0 } }.filter(USState.isCode)
    }()

    func filter(people: [String], teams: [String]) -> ListView.Filter {
        func choices(_ name: String, _ pairs: [(String, String)]) -> [Choice] {
            pairs.map { Choice(value: $0, label: Shown.short($1, 60), isChosen: value(name) == $0) }
        }
        let holders =
            [("", "Anybody or nobody"), ("me", "Me"), ("nobody", "Nobody")] + people.map { ("p:\($0)", $0) }
            + teams.map { ("t:\($0)", "Team \($0)") }
        let place = value("place").uppercased()
        return ListView.Filter(
            q: Shown.short(value("q"), 200), state: value("state"),
            isOpen: values.keys.contains { !["q", "state", "after"].contains($0) },
            places: Self.states.map { Choice(value: $0, label: $0, isChosen: $0 == place) },
            city: Shown.short(value("city"), 100), zip: Shown.short(value("zip"), 10),
            holders: choices("holder", holders),
            dues: choices(
                "due",
                [
                    ("", "Whenever"), ("overdue", "Overdue"), ("week", "Within a week"), ("some", "Has a date"),
                    ("none", "Has none"),
                ]),
            from: Day(value("from"))?.description ?? "", to: Day(value("to"))?.description ?? "",
            sorts: choices("sort", [("", "Newest first"), ("oldest", "Oldest first"), ("due", "By the day it is due")]))
    }
}
