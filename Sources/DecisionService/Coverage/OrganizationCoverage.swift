/// What one organisation covers, and how it wants doubt handled.
struct OrganizationCoverage: Sendable {
    /// What people call the organisation; for logs and explanations.
    var name: String?
    var covers = CoverageIndex()
    /// Beats `covers`.
    var excludes = CoverageIndex()
    /// `nil` when everything is decided without a person.
    var review: ReviewPolicy?
}
