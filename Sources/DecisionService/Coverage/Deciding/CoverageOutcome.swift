import AdminAPI
import Contracts
import Foundation

/// What the rules say of one place.
struct CoverageOutcome: Sendable, Equatable {
    var acceptance: Bool
    var reason: DecisionReason
    /// The rule that decided; absent when none holds the place.
    var rule: CoverageRule?
    /// Why, in a sentence or two that staff can say on the telephone. Of the place it names ZIP, county and state
    /// alone.
    var explanation: String
    /// What would have made the answer surer; absent when nothing was missing.
    var needed: String?
    /// The note of the block that the place is covered by.
    var capacityNote: String?
    /// Set when a person is to decide; all else is then what the rules would have said.
    var review: ReviewPolicy.Request?
}

extension CoverageOutcome {
    /// The decision when nobody is asked: with the fallback, where somebody was to be.
    func decision(at precision: GeocodedLocation.Precision?, version: String) -> Decision {
        let acceptance = review?.fallback ?? acceptance
        let overdue = "Nobody had decided by the deadline, so the answer is \(acceptance ? "yes" : "no"). "
        return Decision(
            acceptance: acceptance, reason: review == nil ? reason : .reviewOverdue, rule: rule?.description,
            coverageVersion: version, precision: precision,
            explanation: (review == nil ? "" : overdue) + explanation, needed: needed,
            capacityNote: acceptance ? capacityNote : nil)
    }
}

extension Coverage {
    /// What the rules say when nothing is told to anybody.
    /// - Parameter now: the time that the rules are to be in force at.
    /// - Returns: `nil` when the coverage does not know the organisation.
    func verdict(on place: Geocoding, organization: String, at now: Date) -> Verdict? {
        decide(PlaceToDecide(place), organization: organization, at: now).map(Verdict.init)
    }
}

extension Verdict {
    /// What a person is to decide is open, whatever the rules propose.
    fileprivate init(_ decided: CoverageOutcome) {
        let isUnknown = decided.reason == .locationUnknown
        self.init(
            outcome: decided.review != nil
                ? .review : decided.acceptance ? .covered : isUnknown ? .unknown : .notCovered,
            reason: decided.review?.reason.rawValue ?? decided.reason.rawValue, rule: decided.rule?.description)
        explanation = decided.explanation
        needed = decided.needed
        capacityNote = decided.capacityNote
    }
}

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

extension OrganizationCoverage {
    /// - Parameter name: what explanations call the organisation.
    func outcome(for place: PlaceToDecide, at date: Date, calling name: String) -> CoverageOutcome {
        let finding = finding(for: place, at: date)
        let wording = CoverageWording(organization: name, place: place)
        let note = finding.acceptance ? finding.match.flatMap { covers.blocks[$0.block].capacityNote } : nil
        return CoverageOutcome(
            acceptance: finding.acceptance, reason: finding.reason, rule: finding.match?.rule,
            explanation: wording.explanation(of: finding), needed: finding.doubt.map(wording.needed),
            capacityNote: note, review: review?.request(for: doubts(of: finding, place, date)))
    }

    private func finding(for place: PlaceToDecide, at date: Date) -> CoverageFinding {
        guard covers.isInForce(at: date) else { return CoverageFinding(reason: .noCoverageDefined) }
        let exclusion = excludes.verdict(for: place, at: date)
        if case .holds(let match) = exclusion { return .excluded(match) }
        var finding = covered(place, at: date)
        guard finding.acceptance else { return finding }
        switch exclusion {
        case .probably(let match, let doubt): finding = .excluded(match, doubt)
        case .probablyNot(let doubt): finding.doubt = finding.doubt ?? doubt
        case .open(let doubt): finding = .unknown(doubt)
        case .holds, .no: break
        }
        return finding
    }

    private func covered(_ place: PlaceToDecide, at date: Date) -> CoverageFinding {
        switch covers.verdict(for: place, at: date) {
        case .holds(let match): return .accepted(match)
        case .probably(let match, let doubt): return .accepted(match, doubt)
        case .probablyNot(let doubt): return CoverageFinding(reason: .notCovered, doubt: doubt)
        case .open(let doubt): return .unknown(place.location == nil ? .nowhere : doubt)
        case .no(let nearest):
            guard place.location != nil else { return .unknown(.nowhere) }
            return CoverageFinding(reason: .notCovered, nearest: nearest)
        }
    }

    /// The reasons for asking a person, the graver first.
    private func doubts(of finding: CoverageFinding, _ place: PlaceToDecide, _ date: Date) -> [ReviewReason] {
        guard finding.reason != .noCoverageDefined else { return [] }
        var doubts: [ReviewReason] = []
        if place.isDisputed, !isSettled(finding, place, date) { doubts.append(.placeConflict) }
        if finding.doubt != nil { doubts.append(.locationTooCoarse) }
        return doubts
    }

    /// Whether the answer is the same wherever of the contradicting places the address is: the partner's region code
    /// decided, or everything of the states in question is covered.
    private func isSettled(_ finding: CoverageFinding, _ place: PlaceToDecide, _ date: Date) -> Bool {
        if case .region? = finding.match?.rule { return true }
        guard finding.acceptance, !excludes.isInForce(at: date) else { return false }
        return place.possibleStates.allSatisfy { state in
            covers.states[state]?.contains { covers.blocks[$0.block].isInForce(at: date) } == true
        }
    }
}
