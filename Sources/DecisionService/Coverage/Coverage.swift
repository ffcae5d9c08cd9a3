import Foundation

/// What every organisation covers: the content of `coverage.yaml` and of the files that it names, compiled.
struct Coverage: Sendable {
    /// The file's label, if it has one, and the first 12 hexadecimal digits of a SHA-256 over all that was read:
    /// `2026-01@3f8a90c1d2e4`.
    var version: String
    /// By the organisation's id.
    var organizations: [String: OrganizationCoverage]
    /// What was mended or left out in the files, each with its path and line; for whoever looks after them.
    var warnings: [String] = []

    /// - Parameter date: what is in force then decides. The instant at which the request was accepted, so that a
    ///   request that is handled twice is answered alike.
    /// - Returns: `nil` when the file does not know the organisation.
    func decide(_ place: PlaceToDecide, organization id: String, at date: Date) -> CoverageOutcome? {
        guard let organization = organizations[id] else { return nil }
        return organization.outcome(for: place, at: date, calling: organization.name ?? id)
    }
}
