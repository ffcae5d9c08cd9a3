import Contracts

/// What every organisation covers: the content of `coverage.yaml`, compiled.
struct Coverage: Sendable, Equatable {
    /// The file's label, if it has one, and the first 12 hexadecimal digits of its SHA-256: `2026-01@3f8a90c1d2e4`.
    var version: String
    /// By the organisation's id.
    var organizations: [String: OrganizationCoverage]

    /// What one place's decision is.
    struct Decision: Sendable, Equatable {
        var acceptance: Bool
        var reason: DecisionReason
        /// Absent when no rule covers the place.
        var rule: CoverageRule?
    }

    /// - Returns: `nil` when the file does not know the organisation.
    func decide(_ place: PlaceToDecide, organization: String) -> Decision? {
        guard let organization = organizations[organization] else { return nil }
        if let rule = organization.rule(for: place) {
            return Decision(acceptance: true, reason: rule.reason, rule: rule)
        }
        // Of a place without a county nothing says that it is not in one of the counties covered in that state.
        let countyIsOpen =
            place.countyFIPS == nil && place.state.map(organization.statesOfCounties.contains) != false
            && !organization.statesOfCounties.isEmpty
        let isKnown = place.isLocated && !countyIsOpen
        return Decision(acceptance: false, reason: isKnown ? .notCovered : .locationUnknown)
    }
}
