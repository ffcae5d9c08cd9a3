import Contracts

import struct Foundation.Date

/// Which requests are asked for; `nil` for any.
struct RequestFilter: Sendable, Equatable {
    enum Decided: String, Sendable, CaseIterable { case accepted, declined, pending, review }
    enum Job: String, Sendable, CaseIterable {
        case inProgress = "in-progress"
        case completed, failed
    }

    /// Who may ask for what.
    enum Tenant: Sendable { case provider, organization }

    /// Whose requests are asked about by whom: the other's name is only a condition among others. `nil` for the one
    /// that is named.
    var tenant: Tenant?
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
