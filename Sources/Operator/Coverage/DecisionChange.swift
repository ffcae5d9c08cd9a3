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
