import AdminAPI
import Contracts
import Foundation
import Pages

/// `console-partners`
struct PartnersView: Sendable {
    struct Refusal: Sendable {
        var what: String
        var count: String
    }
    struct Problem: Sendable {
        var error: String
        var when: ShownTime
    }
    struct Row: Sendable {
        var name: String
        var organization: String
        var state: String
        var tone: String
        var figures: [Figure]
        var agreed: String
        var refusals: Listed<Refusal>?
        var problem: Problem?
        /// Set where something failed.
        var failedHref: String?
        /// Set where it can stand in a shell as it is.
        var command: String?
        /// Set where CallbackService knows the partner.
        var endpoint: Endpoint?
    }
    /// What CallbackService says of a partner, and what can be done with that.
    struct Endpoint: Sendable {
        /// As the forms have it.
        var partner: String
        var whyID: String
        var origin: String
        var secrets: String
        var pause: Pause?
        /// Whether some process still tells the partner, or none does.
        var canPause: Bool
    }
    struct Pause: Sendable {
        var since: ShownTime
        var by: String
        var why: String?
        var processes: String?
    }

    var rows: Listed<Row>?
    /// Why not all is known.
    var away: String?

    init(
        _ known: [String: (organization: String?, limits: ProviderLimits)], _ flow: FlowFigures,
        _ samples: [FlowHistory.Sample], trouble: [String: CallbackTrouble], endpoints: [String: DegradedEndpoint],
        callbacks: CallbackPartners, refusals: (String) -> [RefusalTally.Entry], now: Date
    ) {
        let counts = Dictionary(flow.counts.map { ($0.provider ?? "", $0) }) { first, _ in first }
        away = callbacks.problem.map { "CallbackService does not tell all: \(Shown.short($0, 300))." }
        let names = Set(known.keys).union(counts.keys).sorted()
        rows = Listed(
            names.enumerated().map { index, name in
                let (counts, trouble) = (counts[name], trouble[name] ?? CallbackTrouble())
                let endpoint = endpoints[name]
                let partner = callbacks.byID[name]
                let (state, tone) =
                    partner?.pause == nil
                    ? Self.state(trouble, endpoint, isKnown: known[name] != nil) : ("Callbacks paused", "wait")
                let refused = refusals(name)
                var problem: Problem?
                if let endpoint {
                    problem = Problem(
                        error: "Its endpoint is left alone but for probes: \(Shown.short(endpoint.error.message, 300))",
                        when: ShownTime(endpoint.since))
                } else if let error = trouble.lastError, let at = trouble.lastAt {
                    problem = Problem(
                        error: Shown.short("\(error.code): \(error.message)", 400), when: ShownTime(at))
                }
                return Row(
                    name: Shown.short(name, 64),
                    organization: known[name]?.organization.map { Shown.short($0, 128) } ?? "not in providers.yaml",
                    state: state, tone: tone,
                    figures: Self.figures(
                        counts, trouble, hour: FlowHistory.lastHour(samples, of: name, now: now),
                        refused: refused.reduce(0) { $0 + $1.count }),
                    agreed: Self.agreed(known[name]?.limits ?? .none),
                    refusals: Listed(
                        refused.prefix(8).map {
                            Refusal(what: Shown.short($0.what, 60), count: DeskCounts.grouped($0.count))
                        }),
                    problem: problem, failedHref: trouble.dead > 0 ? Self.failed(name) : nil,
                    command: Self.isPlain(name) ? "intake callbacks test \(name)" : nil,
                    endpoint: partner.map { Self.endpoint(name, $0, of: callbacks.processes, index) })
            })
    }

    private static func endpoint(
        _ name: String, _ partner: CallbackPartners.Partner, of processes: Int, _ index: Int
    ) -> Endpoint {
        Endpoint(
            partner: name, whyID: "why-\(index)", origin: Shown.short(partner.origin, 120),
            secrets: PartnerWords.secrets(partner),
            pause: partner.pause.map { pause in
                Pause(
                    since: ShownTime(pause.since),
                    by: Shown.short(pause.by, 60), why: pause.why.map { Shown.short($0, 300) },
                    processes: partner.pausedIn < processes
                        ? "In \(partner.pausedIn) of \(processes) processes." : nil)
            }, canPause: partner.pausedIn < processes)
    }

    private static func state(
        _ trouble: CallbackTrouble, _ endpoint: DegradedEndpoint?, isKnown: Bool
    ) -> (String, String) {
        if endpoint != nil { return ("Endpoint left alone", "bad") }
        if trouble.dead > 0 { return ("Callbacks given up", "bad") }
        if trouble.retrying > 0 { return ("Callbacks tried again", "wait") }
        return isKnown ? ("Takes its callbacks", "good") : ("Sends no more", "off")
    }

    private static func figures(
        _ counts: RequestCounts?, _ trouble: CallbackTrouble, hour: Int?, refused: Int
    ) -> [Figure] {
        let (accepted, told) = (counts?.accepted ?? 0, counts?.told ?? 0)
        let untaken = trouble.retrying + trouble.dead
        // In tenths of a percent, rounded down: what is not whole is not shown as whole.
        let share = told + untaken == 0 ? nil : told * 1000 / (told + untaken)
        return [
            Figure(label: "Accepted", value: DeskCounts.grouped(accepted)),
            Figure(label: "in the last hour", value: hour.map(DeskCounts.grouped) ?? "–"),
            Figure(label: "Refused", value: DeskCounts.grouped(refused)),
            Figure(label: "Told", value: DeskCounts.grouped(told)),
            Figure(label: "Callbacks taken", value: share.map { "\($0 / 10).\($0 % 10) %" } ?? "–"),
            Figure(label: "tried again", value: DeskCounts.grouped(trouble.retrying)),
            Figure(label: "given up", value: DeskCounts.grouped(trouble.dead), isBad: trouble.dead > 0),
        ]
    }

    private static func agreed(_ limits: ProviderLimits) -> String {
        var parts: [String] = []
        if let rate = limits.rate { parts.append("\(rate.count) in \(rate.per.components.seconds) s") }
        if let burst = limits.burst { parts.append("\(burst) at once after a pause") }
        if let inFlight = limits.inFlight { parts.append("\(inFlight) under way") }
        return parts.isEmpty ? "No limit was agreed." : "Agreed: \(parts.joined(separator: ", "))."
    }

    private static func failed(_ name: String) -> String {
        var parts = URLComponents()
        parts.queryItems = [
            URLQueryItem(name: "stage", value: Stage.callback.rawValue), URLQueryItem(name: "partner", value: name),
        ]
        return "/console/failed?\((parts.percentEncodedQuery ?? "").replacing("+", with: "%2B"))"
    }

    private static func isPlain(_ name: String) -> Bool {
        (1...64).contains(name.utf8.count)
            && name.utf8.allSatisfy { byte in
                switch byte {
                case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x5F: true
                default: false
                }
            } && name.utf8.first != 0x2D
    }
}
