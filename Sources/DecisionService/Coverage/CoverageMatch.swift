/// A rule, and the block of the file that it stands in.
struct CoverageMatch: Sendable, Equatable {
    var rule: CoverageRule
    /// Index into the blocks of its `CoverageIndex`.
    var block: Int
}
