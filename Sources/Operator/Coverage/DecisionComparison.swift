import AdminAPI
import Contracts

/// Goes through past requests and groups what a draft would change. Keeps the groups and a few ids of each, however
/// many requests there are.
struct DecisionComparison: Sendable, Equatable {
    static let samples = 3

    struct Group: Sendable, Equatable {
        var change: DecisionChange
        var count: Int
        /// The first few.
        var requests: [RequestID]
    }

    private(set) var compared = 0
    /// Nothing was decided yet.
    private(set) var undecided = 0
    /// A person has decided, which no rule undoes.
    private(set) var decidedByPeople = 0
    /// The draft does not name their organisation: their requests would wait.
    private(set) var withoutRules: [String: Int] = [:]
    private var found: [DecisionChange: (count: Int, requests: [RequestID])] = [:]

    static func == (left: Self, right: Self) -> Bool {
        left.compared == right.compared && left.undecided == right.undecided
            && left.decidedByPeople == right.decidedByPeople && left.withoutRules == right.withoutRules
            && left.groups == right.groups
    }

    /// - Parameters:
    ///   - before: what was decided, or what the current coverage says; `nil` when there is nothing.
    ///   - after: what the draft says; `nil` when it does not name the organisation.
    mutating func add(_ place: RequestPlace, before: Verdict?, after: Verdict?) {
        guard let before else {
            undecided += 1
            return
        }
        if [DecisionReason.reviewAccepted.rawValue, DecisionReason.reviewDeclined.rawValue].contains(before.reason) {
            decidedByPeople += 1
            return
        }
        guard let after else {
            withoutRules[place.organization, default: 0] += 1
            return
        }
        compared += 1
        guard let kind = Self.kind(before, after) else { return }
        let change = DecisionChange(
            kind: kind, organization: place.organization, county: Self.county(place), reasonBefore: before.reason,
            reasonAfter: after.reason, ruleBefore: before.rule, ruleAfter: after.rule)
        found[change, default: (0, [])].count += 1
        if found[change, default: (0, [])].requests.count < Self.samples {
            found[change, default: (0, [])].requests.append(place.id)
        }
    }

    /// By kind, organisation, county and reason.
    var groups: [Group] {
        found.map { Group(change: $0.key, count: $0.value.count, requests: $0.value.requests) }
            .sorted { $0.change < $1.change }
    }

    var flips: [Group] { groups.filter(\.change.kind.isFlip) }

    func count(_ kind: DecisionChange.Kind) -> Int {
        found.reduce(0) { $0 + ($1.key.kind == kind ? $1.value.count : 0) }
    }

    /// Whether a partner would be told anything else.
    var hasFlips: Bool { found.keys.contains { $0.kind.isFlip } || !withoutRules.isEmpty }

    /// - Returns: `nil` when nothing changes.
    private static func kind(_ before: Verdict, _ after: Verdict) -> DecisionChange.Kind? {
        switch (before.answer, after.answer) {
        case (.yes, .no): .yesToNo
        case (.no, .yes): .noToYes
        case (.yes, .review): .yesToReview
        case (.no, .review): .noToReview
        case (.review, .yes): .reviewToYes
        case (.review, .no): .reviewToNo
        case (.yes, .yes), (.no, .no), (.review, .review):
            before.reason == after.reason && before.rule == after.rule ? nil : .sameAnswer
        }
    }

    private static func county(_ place: RequestPlace) -> String {
        let state = place.state.isEmpty ? "state unknown" : place.state
        guard let county = place.county else { return "\(state), county unknown" }
        return "\(county), \(state)" + (place.countyFips.map { " (\($0))" } ?? "")
    }
}

extension Verdict {
    /// What was decided.
    init(_ decided: RequestPlace.Decided) {
        self.init(
            outcome: decided.acceptance ? .covered : .notCovered, reason: decided.reason.rawValue, rule: decided.rule)
    }

    fileprivate enum Answer { case yes, no, review }

    /// What is not known well enough for any rule is told as a no.
    fileprivate var answer: Answer {
        switch outcome {
        case .covered: .yes
        case .review: .review
        default: .no
        }
    }
}

/// What a draft would make of a decision.
struct DecisionChange: Sendable, Hashable, Comparable {
    enum Kind: String, Sendable, CaseIterable, Codable {
        case yesToNo = "yes-to-no"
        case noToYes = "no-to-yes"
        case yesToReview = "yes-to-review"
        case noToReview = "no-to-review"
        case reviewToYes = "review-to-yes"
        case reviewToNo = "review-to-no"
        /// The same answer by another rule, or for another reason.
        case sameAnswer = "same-answer"

        /// Whether the partner would be told something else, or not be told at once.
        var isFlip: Bool { self != .sameAnswer }

        var label: String { rawValue.replacing("-", with: " ") }
    }

    var kind: Kind
    var organization: String
    /// `Harris County, TX (48201)`; only the state where the county is not known.
    var county: String
    var reasonBefore: String
    var reasonAfter: String
    var ruleBefore: String?
    var ruleAfter: String?

    static func < (left: Self, right: Self) -> Bool { left.order.lexicographicallyPrecedes(right.order) }

    private var order: [String] {
        let kind = Kind.allCases.firstIndex(of: kind) ?? 0
        return ["\(kind)", organization, county, reasonBefore, reasonAfter, ruleBefore ?? "", ruleAfter ?? ""]
    }
}
