import struct Foundation.Date

/// What somebody at the desk did with a request that no partner hears of.
struct DeskEntry: Sendable, Equatable {
    enum Kind: String, Sendable { case noted, assigned }

    var at: Date
    var kind: Kind
    /// The name of who did it.
    var person: String
    var detail: String?
    /// In their words; empty when it was erased with the request's personal data.
    var note: String?
}

/// A request with all that the desk shows of it.
struct DeskRequest: Sendable {
    var job: StoredJob
    var entries: [DeskEntry]
    /// Others of the organisation's with the same address or phone number, the newest first.
    var twins: [(request: StoredRequest, sharesPhone: Bool)]

    var request: StoredRequest { job.request }
}

/// What somebody wants to do with a request, at the desk.
struct DeskAction: Sendable {
    /// Names of people and teams as they are to be; `nil` inside takes them away.
    struct Hands: Sendable, Equatable {
        var assignee: String?
        var team: String?
        var due: Day?
    }

    var step: OrganizationStatus.Step?
    var hands: Hands?
    var note: String?
    var by: StaffMember
    var at: Date
    var traceParent: String
    /// What the person saw of the request; `nil` when it does not matter.
    var seen: DeskRevision?
}

/// What became of it.
enum DeskOutcome: Sendable, Equatable {
    /// It is on disk; where it is a step, together with the event that tells the partner.
    case done(StoredRequest, isStep: Bool)
    /// There is no such step from the status where the request is.
    case refused(OrganizationStatus)
    /// Nobody knows yet whether the organisation covers the place.
    case undecided
    case declined
    /// Somebody was faster.
    case changedMeanwhile(StoredRequest)
    /// There is no such request in the organisation.
    case unknown
}

/// What people have made of a request so far: two who see the same may decide on the same grounds. What the system does
/// meanwhile, such as telling the partner, changes nothing about it.
struct DeskRevision: Sendable, Hashable, LosslessStringConvertible {
    let description: String

    init(_ request: StoredRequest) {
        let review = request.openReview == nil ? "" : "r"
        let decided = request.decision.map { "\($0.at.milliseconds)" } ?? ""
        description =
            "\(request.organizationProgress.sequence).\(request.assignment?.revision ?? 0).\(review)\(decided)"
            + (request.withdrawnAt == nil ? "" : ".w") + (request.correctedAt.map { ".\($0.milliseconds)" } ?? "")
    }

    init?(_ description: String) {
        guard (1...64).contains(description.utf8.count) else { return nil }
        self.description = description
    }
}
