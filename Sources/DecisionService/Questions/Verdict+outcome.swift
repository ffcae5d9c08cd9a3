import AdminAPI
import Contracts

import struct Foundation.Date

extension Coverage {
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
