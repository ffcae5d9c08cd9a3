package import Contracts

package import struct Foundation.Date

/// The reviews that wait for a person, the one with the nearest deadline first.
package enum ListReviews: AdminEndpoint {
    package static let route = AdminRoute(.get, "reviews", of: .ingest)
    package typealias Answer = ReviewPage

    package struct Query: AdminQuery {
        package var limit = 100
        package var after: String?

        package init() {}

        package mutating func code(_ coder: inout QueryCoder) {
            coder.limit(&limit)
            coder.after(&after)
        }
    }
}

package struct ReviewPage: Sendable, Equatable, Codable {
    /// On all pages.
    package var open: Int
    /// Those of them whose deadline has passed.
    package var overdue: Int
    package var reviews: [Entry]
    /// Where the next page begins; absent on the last.
    package var next: String?

    package init(open: Int, overdue: Int, reviews: [Entry], next: String?) {
        (self.open, self.overdue, self.reviews, self.next) = (open, overdue, reviews, next)
    }

    /// Holds nothing personal.
    package struct Entry: Sendable, Equatable, Codable {
        package var id: RequestID
        package var provider: String
        package var organization: String
        package var acceptedAt: Date
        package var review: ReviewView

        package init(id: RequestID, provider: String, organization: String, acceptedAt: Date, review: ReviewView) {
            (self.id, self.provider, self.organization) = (id, provider, organization)
            (self.acceptedAt, self.review) = (acceptedAt, review)
        }
    }
}

/// Decides in a review, in place of the organisation's staff. 409 when it is decided otherwise, or nobody was asked.
package enum DecideReview: AdminEndpoint {
    package static let route = AdminRoute(.post, "reviews/{id}", of: .ingest)
    package typealias Subject = RequestID

    package struct Body: Sendable, Equatable, Codable {
        package enum CodingKeys: CodingKey { case decision, by, note }

        package var decision: ReviewAnswer
        /// Who decides.
        package var by: String
        package var note: String?

        package init(decision: ReviewAnswer, by: String, note: String?) {
            (self.decision, self.by, self.note) = (decision, by, note)
        }
    }

    package struct Answer: Sendable, Equatable, Codable {
        package var id: RequestID
        package var decision: Decision?
        /// Whether it was decided now, or so before.
        package var decided: Bool

        package init(id: RequestID, decision: Decision?, decided: Bool) {
            (self.id, self.decision, self.decided) = (id, decision, decided)
        }
    }
}

/// What may be decided in a review.
package enum ReviewAnswer: String, Sendable, CaseIterable, Codable {
    case accept, decline

    /// What has happened then.
    package var past: String {
        switch self {
        case .accept: "accepted"
        case .decline: "declined"
        }
    }
}
