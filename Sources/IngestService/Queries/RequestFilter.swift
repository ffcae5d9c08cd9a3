import Contracts

import struct Foundation.Date

/// Which requests are asked for; `nil` for any.
struct RequestFilter: Sendable, Equatable {
    enum Decided: String, Sendable, CaseIterable { case accepted, declined, pending, review }
    enum Job: String, Sendable, CaseIterable {
        case inProgress = "in-progress"
        case completed, failed
    }

    var provider: String?
    var organization: String?
    /// USPS code, in either case.
    var state: String?
    /// County FIPS code, five digits.
    var county: String?
    var decision: Decided?
    var job: Job?
    var status: OrganizationStatus?
    /// Accepted at this time or later.
    var from: Date?
    /// Accepted before.
    var to: Date?
}
