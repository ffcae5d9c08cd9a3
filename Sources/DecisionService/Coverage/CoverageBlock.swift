import Foundation

/// One block of rules: what they have in common.
struct CoverageBlock: Sendable, Equatable {
    var name: String?
    /// The first instant at which it holds; `nil` for always so far.
    var from: Date?
    /// The first instant at which it holds no more; `nil` for ever.
    var until: Date?
    /// What staff add to a yes from this block.
    var capacityNote: String?

    func isInForce(at date: Date) -> Bool {
        if let from, date < from { return false }
        if let until, date >= until { return false }
        return true
    }
}
