import AdminAPI
import Contracts

import struct Foundation.Date

/// A request as the API shows it to the provider that sent it, and to the organisation's staff: personal data included,
/// or null when it was erased.
struct RequestView: Sendable, Encodable {
    private let request: StoredRequest
    private let forStaff: Bool

    /// - Parameter forStaff: whether the organisation asks: then all of a review is shown.
    init(_ request: StoredRequest, forStaff: Bool) {
        self.request = request
        self.forStaff = forStaff
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        try container.encode(request.id, forKey: .id)
        try container.encode(request.job.name, forKey: .job)
        try container.encode(APIPath.job(request.id), forKey: .jobLocation)
        try container.encode(request.provider.id, forKey: .provider)
        try container.encode(request.provider.organization, forKey: .organization)
        try container.encode(request.acceptedAt, forKey: .acceptedAt)
        try container.encode(request.organizationProgress.status.rawValue, forKey: .status)
        try container.encode(request.organizationProgress.sequence, forKey: .sequence)
        try container.encodeIfPresent(request.organizationProgress.changedAt, forKey: .statusChangedAt)
        try container.encodeIfPresent(request.erasedAt, forKey: .erasedAt)
        try container.encodeIfPresent(request.withdrawnAt, forKey: .withdrawnAt)
        try container.encodeIfPresent(request.correctedAt, forKey: .correctedAt)
        if forStaff, let assignment = request.assignment {
            try container.encode(Hands(assignment), forKey: .assignment)
        }
        try encodeSubmission(&container)
        try encodeGeocoding(&container)
        try container.encodeIfPresent(
            request.openReview.map { ReviewView($0, forStaff: forStaff) }, forKey: .review)
        try container.encodeIfPresent(request.decision?.fact, forKey: .decision)
        try container.encodeIfPresent(request.receipt.map(Callback.init), forKey: .callback)
    }

    private func encodeSubmission(_ container: inout KeyedEncodingContainer<Key>) throws {
        let submission = request.submission
        try container.encode(submission.providerRequestID, forKey: .providerRequestId)
        // Where it is, but for the street, says nothing about a person.
        try container.encode(submission.address.city, forKey: .city)
        try container.encode(submission.address.state, forKey: .state)
        try container.encode(submission.address.zip, forKey: .zip)
        guard request.erasedAt == nil else {
            for key in [Key.name, .address, .phone, .email, .providerData] { try container.encodeNil(forKey: key) }
            return
        }
        try container.encode(submission.name, forKey: .name)
        try container.encode(submission.address.street, forKey: .address)
        // Where the other one was enough.
        try container.encode(submission.phone.isEmpty ? nil : submission.phone, forKey: .phone)
        try container.encode(submission.email.isEmpty ? nil : submission.email, forKey: .email)
        try container.encodeIfPresent(submission.providerData, forKey: .providerData)
        try container.encodeIfPresent(submission.unit, forKey: .unit)
        try container.encodeIfPresent(submission.language, forKey: .language)
        try container.encodeIfPresent(submission.need, forKey: .need)
        try container.encodeIfPresent(submission.notes, forKey: .notes)
    }

    /// Until the request is geocoded there is no `location`; when no place was found it is null, and
    /// `noLocationReason` says why.
    private func encodeGeocoding(_ container: inout KeyedEncodingContainer<Key>) throws {
        guard let geocoding = request.geocoding else { return }
        try container.encode(geocoding.location, forKey: .location)
        try container.encodeIfPresent(geocoding.reason?.rawValue, forKey: .noLocationReason)
        try container.encodeIfPresent(geocoding.countyFIPS, forKey: .countyFips)
        try container.encodeIfPresent(geocoding.county, forKey: .county)
        if !geocoding.counties.isEmpty { try container.encode(geocoding.counties, forKey: .counties) }
        try container.encodeIfPresent(geocoding.conflict, forKey: .conflict)
        if !geocoding.disputes.isEmpty { try container.encode(geocoding.disputes, forKey: .disputes) }
        if !geocoding.unavailable.isEmpty { try container.encode(geocoding.unavailable, forKey: .unavailable) }
    }

    private enum Key: String, CodingKey {
        case id, job, jobLocation, provider, organization, acceptedAt, status, sequence, statusChangedAt, erasedAt
        case withdrawnAt, correctedAt, assignment, unit, language, need, notes
        case providerRequestId, name, address, city, state, zip, phone, email, providerData
        case location, noLocationReason, countyFips, county, counties, conflict, disputes, unavailable
        case review, decision, callback
    }

    /// In whose hands the organisation has put it; for its staff.
    private struct Hands: Encodable {
        var assignee: String?
        var team: String?
        var due: String?

        init(_ assignment: Assignment) {
            assignee = assignment.assignee
            team = assignment.team
            due = assignment.due?.description
        }
    }

    /// How the partner took the answer.
    private struct Callback: Encodable {
        var acceptance: Bool
        var httpStatus: Int
        var attempt: Int
        var deliveredAt: Date

        init(_ receipt: Receipt) {
            acceptance = receipt.acceptance
            httpStatus = receipt.httpStatus
            attempt = receipt.attempt
            deliveredAt = receipt.deliveredAt
        }
    }
}
