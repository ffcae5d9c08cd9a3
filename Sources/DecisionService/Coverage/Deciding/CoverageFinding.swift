import Contracts

/// What the rules come to, before it is put into words.
struct CoverageFinding: Sendable {
    var acceptance = false
    var reason: DecisionReason
    /// The rule that decided, and its block.
    var match: CoverageMatch?
    /// What makes it unsure; `nil` when nothing does.
    var doubt: CoverageDoubt?
    /// The area that came nearest to a place that none covers.
    var nearest: NearArea?

    static func accepted(_ match: CoverageMatch, _ doubt: CoverageDoubt? = nil) -> CoverageFinding {
        CoverageFinding(acceptance: true, reason: match.rule.reason, match: match, doubt: doubt)
    }

    static func excluded(_ match: CoverageMatch, _ doubt: CoverageDoubt? = nil) -> CoverageFinding {
        CoverageFinding(reason: .excluded, match: match, doubt: doubt)
    }

    static func unknown(_ doubt: CoverageDoubt) -> CoverageFinding {
        CoverageFinding(reason: .locationUnknown, doubt: doubt)
    }
}
